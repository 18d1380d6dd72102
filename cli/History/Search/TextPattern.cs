using System.Text;

namespace ClusterTrail.History.Search;

/// <summary>A text in which each <c>*</c> stands for any others, also none.</summary>
/// <param name="text">The pattern.</param>
/// <param name="isLiteral">Whether a star is a star.</param>
sealed class TextPattern(string text, bool isLiteral = false)
{
    const byte Any = (byte)'*';

    readonly byte[] pattern = Encoding.UTF8.GetBytes(text);

    /// <summary>The longest text between two stars: whatever fits has it. Empty if there is none.</summary>
    internal byte[] Needed { get; } = Encoding.UTF8.GetBytes(isLiteral ? text : text.Split('*').MaxBy(part => part.Length)!);

    internal bool Fits(ReadOnlySpan<byte> value)
    {
        if (isLiteral)
            return value.SequenceEqual(pattern);

        // Back to the last star, which takes one byte more, until it fits or the value ends.
        var (at, place, star, taken) = (0, 0, -1, 0);
        while (at < value.Length)
        {
            if (place < pattern.Length && pattern[place] == Any)
                (star, taken, place) = (place, at, place + 1);
            else if (place < pattern.Length && pattern[place] == value[at])
                (at, place) = (at + 1, place + 1);
            else if (star >= 0)
                (place, at) = (star + 1, ++taken);
            else
                return false;
        }

        return !pattern.AsSpan(place).ContainsAnyExcept(Any);
    }

    public override string ToString() => Encoding.UTF8.GetString(pattern);
}
