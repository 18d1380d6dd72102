using System.Buffers;
using System.Text;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Explaining;

namespace ClusterTrail.Rules.Detections;

/// <summary>A few texts, of which some end in <c>*</c> and stand for all that start so.</summary>
sealed class Patterns(IReadOnlyList<string> patterns)
{
    readonly (byte[] Text, bool IsPrefix)[] patterns =
    [
        .. patterns.Select(pattern =>
            pattern.EndsWith('*') ? (Encoding.UTF8.GetBytes(pattern[..^1]), true) : (Encoding.UTF8.GetBytes(pattern), false)),
    ];

    public bool IsEmpty => patterns.Length == 0;

    /// <param name="written">The string between its quotes, with its escapes.</param>
    public bool Match(ReadOnlySpan<byte> written) => written.Contains((byte)'\\') ? MatchUnescaped(written) : MatchPlain(written);

    /// <summary>The patterns, for people.</summary>
    public override string ToString() =>
        Shown.Among(patterns.Select(pattern => Encoding.UTF8.GetString(pattern.Text) + (pattern.IsPrefix ? "*" : "")));

    /// <summary>The same for a text without escapes.</summary>
    public bool MatchPlain(ReadOnlySpan<byte> text)
    {
        foreach (var (pattern, isPrefix) in patterns)
        {
            if (isPrefix ? text.StartsWith(pattern) : text.SequenceEqual(pattern))
            {
                return true;
            }
        }

        return false;
    }

    bool MatchUnescaped(ReadOnlySpan<byte> written)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(written.Length);
        var matches = MatchPlain(buffer.AsSpan(0, JsonEscapes.Unescape(written, buffer)));
        ArrayPool<byte>.Shared.Return(buffer);
        return matches;
    }
}
