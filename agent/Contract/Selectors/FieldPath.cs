using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace ClusterTrail.Contract.Selectors;

/// <summary>
/// A path into an event: names, <c>[n]</c>, <c>[*]</c> and quoted names in brackets; JSONPath's leading <c>$</c> may stand before them.
/// </summary>
public sealed record FieldPath(IReadOnlyList<PathStep> Steps)
{
    /// <summary>Reads a path; when it is wrong, the problem continues the sentence "the path is wrong: …".</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out FieldPath? path, [NotNullWhen(false)] out string? problem)
    {
        var steps = new List<PathStep>();
        var at = text.StartsWith("$.", StringComparison.Ordinal) ? 2 : text.StartsWith("$[", StringComparison.Ordinal) ? 1 : 0;
        path = null;
        problem = null;
        while (problem is null && (steps.Count == 0 || at < text.Length))
        {
            problem = at < text.Length && text[at] == '[' ? ReadBracket(text, ref at, steps) : ReadName(text, ref at, steps);
        }

        path = problem is null ? new FieldPath(steps) : null;
        return problem is null;
    }

    static string? ReadName(string text, ref int at, List<PathStep> steps)
    {
        if (steps.Count > 0)
        {
            if (text[at] != '.')
            {
                return $"'.' or '[' is expected at character {at + 1}";
            }

            at++;
        }

        var start = at;
        while (at < text.Length && text[at] is not ('.' or '[' or ']' or '"' or '\''))
        {
            at++;
        }

        steps.Add(new PathStep.Name(text[start..at]));
        return at > start ? null : $"a name is expected at character {start + 1}";
    }

    static string? ReadBracket(string text, ref int at, List<PathStep> steps)
    {
        var start = at + 1;
        var quote = start < text.Length && text[start] is '"' or '\'' ? text[start] : '\0';
        var close = quote == '\0' ? text.IndexOf(']', start) : text.IndexOf($"{quote}]", start + 1, StringComparison.Ordinal);
        if (close < 0)
        {
            return $"the bracket at character {start} is not closed";
        }

        at = close + (quote == '\0' ? 1 : 2);
        var inner = quote == '\0' ? text[start..close] : text[(start + 1)..close];
        PathStep? step = quote != '\0' ? new PathStep.Name(inner)
            : inner == "*" ? new PathStep.Any()
            : int.TryParse(inner, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? new PathStep.Item(index)
            : null;
        if (step is null)
        {
            return $"'[{inner}]' is neither [*], nor [n] with n from 0, nor a quoted name";
        }

        steps.Add(step);
        return null;
    }
}

/// <summary>One step of a path.</summary>
public abstract record PathStep
{
    /// <summary>The member of this name.</summary>
    public sealed record Name(string Value) : PathStep
    {
        readonly byte[] utf8 = Encoding.UTF8.GetBytes(Value);

        /// <summary>The name as an event spells it.</summary>
        public ReadOnlySpan<byte> Utf8 => utf8;

        public bool Equals(Name? other) => other?.Value == Value;

        public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);
    }

    /// <summary>The item at this place, from 0.</summary>
    public sealed record Item(int Index) : PathStep;

    /// <summary>Every item of a list.</summary>
    public sealed record Any : PathStep;
}
