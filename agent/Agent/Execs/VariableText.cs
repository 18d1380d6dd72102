using System.Text;

namespace ClusterTrail.Agent.Execs;

/// <summary>Whether a text is what the kubelet makes of a word with variables, whose values nobody here knows.</summary>
/// <remarks>
/// As Kubernetes expands: <c>$(NAME)</c> is a variable, and stays as it is when there is none of that name; <c>$$</c> is a dollar sign.
/// All else, as <c>$(date +%s)</c> or <c>${NAME}</c>, is for a shell.
/// </remarks>
static class VariableText
{
    /// <param name="isCut">Whether the text is only the beginning.</param>
    public static bool IsExpanded(string text, string word, bool isCut)
    {
        var parts = PartsOf(word);
        if (isCut && (parts[0].StartsWith(text, StringComparison.Ordinal)
            || (parts.Count > 1 && text.StartsWith(parts[0], StringComparison.Ordinal))))
        {
            return true;
        }

        if (parts.Count == 1)
        {
            return text == parts[0];
        }

        if (text.Length < parts[0].Length + parts[^1].Length || !text.StartsWith(parts[0], StringComparison.Ordinal)
            || !text.EndsWith(parts[^1], StringComparison.Ordinal))
        {
            return false;
        }

        var between = text.AsSpan()[parts[0].Length..^parts[^1].Length];
        foreach (var part in parts[1..^1])
        {
            if (between.IndexOf(part, StringComparison.Ordinal) is var at && at < 0)
            {
                return false;
            }

            between = between[(at + part.Length)..];
        }

        return true;
    }

    // The texts before, between and after the variables.
    static List<string> PartsOf(string word)
    {
        var (parts, part) = (new List<string>(), new StringBuilder());
        for (var at = 0; at < word.Length; at++)
        {
            var rest = word.AsSpan(at);
            if (rest.StartsWith("$$", StringComparison.Ordinal))
            {
                part.Append('$');
                at++;
            }
            else if (LengthOfVariable(rest) is > 0 and var length)
            {
                parts.Add(part.ToString());
                part.Clear();
                at += length - 1;
            }
            else
            {
                part.Append(word[at]);
            }
        }

        return [.. parts, part.ToString()];
    }

    static int LengthOfVariable(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith("$(", StringComparison.Ordinal) || text.IndexOf(')') is not (> 2 and var end) || char.IsAsciiDigit(text[2]))
        {
            return 0;
        }

        foreach (var letter in text[2..end])
        {
            // What Kubernetes takes for the name of a variable.
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('_' or '-' or '.'))
            {
                return 0;
            }
        }

        return end + 1;
    }
}
