using System.Text;

namespace ClusterTrail.Rules.Selectors;

/// <summary>A text that every match of a regular expression contains: without it, the expression need not be tried, nor made.</summary>
static class RequiredText
{
    /// <summary>
    /// The longest that is easily seen in the pattern; empty if there is none, or with a construct that is not known here.
    /// </summary>
    public static byte[] Of(string pattern)
    {
        var (longest, run) = ("", new StringBuilder());
        for (var at = 0; at < pattern.Length; at++)
        {
            var next = pattern[at];
            at = next is '[' or '(' ? EndOf(pattern, at) : next == '\\' ? at + 1 : at;
            if (at < 0 || at >= pattern.Length || next is '|' or '{' || pattern[at] > '\x7f'
                || (next == '\\' && char.IsAsciiLetterOrDigit(pattern[at])))
            {
                return [];
            }

            if (next is '*' or '?' && run.Length > 0)
            {
                run.Length--;
            }

            if (next is '[' or '(' or '*' or '?' or '+' or '.' or '^' or '$')
            {
                longest = Longer(longest, run);
            }
            else
            {
                run.Append(pattern[at]);
            }
        }

        return Encoding.ASCII.GetBytes(Longer(longest, run));
    }

    static string Longer(string longest, StringBuilder run)
    {
        var longer = run.Length > longest.Length ? run.ToString() : longest;
        run.Clear();
        return longer;
    }

    // Where the class or group ends that begins there; -1 of one with options, or with a class or an escape that is not known here.
    static int EndOf(string pattern, int start)
    {
        var (depth, inClass) = (0, false);
        for (var at = start; at < pattern.Length; at++)
        {
            switch (pattern[at])
            {
                case '\\':
                    at++;
                    break;
                case '[' when inClass:
                    return -1;
                case '[':
                    (inClass, depth) = (true, depth + 1);
                    // A bracket at its beginning belongs to it.
                    at += pattern.AsSpan(at + 1).StartsWith("^]") ? 2 : pattern.AsSpan(at + 1).StartsWith("]") ? 1 : 0;
                    break;
                case ']' when inClass:
                    (inClass, depth) = (false, depth - 1);
                    break;
                case '(' when !inClass && pattern.AsSpan(at + 1).StartsWith("?") && !pattern.AsSpan(at + 1).StartsWith("?:"):
                    return -1;
                case '(' when !inClass:
                    depth++;
                    break;
                case ')' when !inClass:
                    depth--;
                    break;
            }

            if (depth == 0)
            {
                return at;
            }
        }

        return -1;
    }
}
