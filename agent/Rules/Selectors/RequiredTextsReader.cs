using System.Text;

namespace ClusterTrail.Rules.Selectors;

/// <summary>Reads the texts of a pattern that its matches cannot do without.</summary>
/// <remarks>Guarantee: what it does not know, it does not read at all. A text too many would hide matches.</remarks>
sealed class RequiredTextsReader(string pattern)
{
    // What is looked for one after the other.
    const int MostTexts = 64;
    // Groups in groups: who writes a rule must not be able to use up the stack.
    const int Deepest = 32;

    static readonly IReadOnlyList<string> Nothing = [];

    int at;
    int depth;
    bool isUnknown;

    /// <returns>Texts of which each match contains one; none if there are none such, or with a construct that is not known here.</returns>
    public IReadOnlyList<string> Read()
    {
        var found = Alternatives();
        return isUnknown || at < pattern.Length ? Nothing : found;
    }

    bool IsAtEnd => isUnknown || at >= pattern.Length;

    // Each alternative must have one.
    IReadOnlyList<string> Alternatives()
    {
        var (all, hasEach) = (new List<string>(), true);
        do
        {
            var found = Sequence();
            hasEach &= found.Count > 0;
            all.AddRange(found);
        }
        while (Skip('|'));
        return hasEach && all.Count <= MostTexts ? all : Nothing;
    }

    // Whichever of its parts tells most.
    IReadOnlyList<string> Sequence()
    {
        var (best, run) = (Nothing, new StringBuilder());
        while (!IsAtEnd && pattern[at] is not ('|' or ')'))
        {
            var part = Part(out var letter);
            var mayBeMissing = Quantifier(out var isRepeated);
            if (letter is { } one && !mayBeMissing)
            {
                run.Append(one);
            }

            if (letter is null || mayBeMissing || isRepeated)
            {
                best = Better(best, Taken(run));
                best = mayBeMissing ? best : Better(best, part);
            }
        }

        return Better(best, Taken(run));
    }

    // A letter that stands for itself, or a group with its texts, or what has none.
    IReadOnlyList<string> Part(out char? letter)
    {
        letter = null;
        var next = pattern[at++];
        switch (next)
        {
            case '(':
                return Group();
            case '[':
                Class();
                break;
            case '\\':
                letter = Escape();
                break;
            case '^' or '$' or '.':
                break;
            case '*' or '+' or '?' or '{' or > '\x7f':
                isUnknown = true;
                break;
            default:
                letter = next;
                break;
        }

        return Nothing;
    }

    IReadOnlyList<string> Group()
    {
        if ((Skip('?') && !Skip(':')) || ++depth > Deepest)
        {
            isUnknown = true;
            return Nothing;
        }

        var found = Alternatives();
        isUnknown |= !Skip(')');
        depth--;
        return found;
    }

    void Class()
    {
        Skip('^');
        // A bracket at its beginning belongs to it.
        Skip(']');
        while (!IsAtEnd && pattern[at] != ']')
        {
            // One class less another.
            isUnknown |= pattern[at] == '[';
            at += pattern[at] == '\\' ? 2 : 1;
        }

        isUnknown |= !Skip(']');
    }

    char? Escape()
    {
        if (IsAtEnd)
        {
            isUnknown = true;
            return null;
        }

        var escaped = pattern[at++];
        if (!char.IsAsciiLetterOrDigit(escaped) && escaped <= '\x7f')
        {
            return escaped;
        }

        isUnknown |= escaped is not ('A' or 'b' or 'B' or 'd' or 'D' or 's' or 'S' or 'w' or 'W' or 'z' or 'Z');
        return null;
    }

    // Whether the part before may be missing.
    bool Quantifier(out bool isRepeated)
    {
        var (mayBeMissing, start) = (false, at);
        if (Skip('*') || Skip('?'))
        {
            mayBeMissing = true;
        }
        else if (!Skip('+') && Skip('{'))
        {
            // With a comma or without, at least none or at least many: it is not looked at.
            mayBeMissing = true;
            while (!IsAtEnd && (char.IsAsciiDigit(pattern[at]) || pattern[at] == ','))
            {
                at++;
            }

            isUnknown |= !Skip('}');
        }

        isRepeated = at > start;
        if (isRepeated)
        {
            Skip('?');
        }

        return mayBeMissing;
    }

    bool Skip(char expected)
    {
        var isThere = !IsAtEnd && pattern[at] == expected;
        at += isThere ? 1 : 0;
        return isThere;
    }

    static IReadOnlyList<string> Taken(StringBuilder run)
    {
        IReadOnlyList<string> taken = run.Length > 0 ? [run.ToString()] : Nothing;
        run.Clear();
        return taken;
    }

    // The one whose shortest text is longer.
    static IReadOnlyList<string> Better(IReadOnlyList<string> one, IReadOnlyList<string> other) =>
        Shortest(other) > Shortest(one) ? other : one;

    static int Shortest(IReadOnlyList<string> texts) => texts.Count == 0 ? 0 : texts.Min(text => text.Length);
}
