using System.Buffers;
using System.Text;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Explaining;

namespace ClusterTrail.Rules.Detections;

/// <summary>A few texts, of which some end in <c>*</c> and stand for all that start so.</summary>
sealed class Patterns(IReadOnlyList<string> patterns)
{
    readonly string[] patterns = [.. patterns];
    readonly byte[][] prefixes = [.. patterns.Where(IsPrefix).Select(pattern => Encoding.UTF8.GetBytes(pattern[..^1]))];

    // Whole texts by their lengths: lists of service accounts are long, and hardly any event has one of them.
    readonly byte[][][] texts = ByLength([.. patterns.Where(pattern => !IsPrefix(pattern)).Select(Encoding.UTF8.GetBytes)]);

    public bool IsEmpty => patterns.Length == 0;

    /// <param name="written">The string between its quotes, with its escapes.</param>
    public bool Match(ReadOnlySpan<byte> written) => written.Contains((byte)'\\') ? MatchUnescaped(written) : MatchPlain(written);

    /// <summary>The patterns, for people.</summary>
    public override string ToString() => Shown.Among(patterns);

    /// <summary>The same for a text without escapes.</summary>
    public bool MatchPlain(ReadOnlySpan<byte> text)
    {
        foreach (var whole in text.Length < texts.Length ? texts[text.Length] : [])
        {
            if (text.SequenceEqual(whole))
            {
                return true;
            }
        }

        foreach (var prefix in prefixes)
        {
            if (text.StartsWith(prefix))
            {
                return true;
            }
        }

        return false;
    }

    static bool IsPrefix(string pattern) => pattern.EndsWith('*');

    static byte[][][] ByLength(byte[][] all) =>
    [
        .. Enumerable.Range(0, all.Select(text => text.Length + 1).DefaultIfEmpty().Max())
            .Select(length => all.Where(text => text.Length == length).ToArray()),
    ];

    bool MatchUnescaped(ReadOnlySpan<byte> written)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(written.Length);
        var matches = MatchPlain(buffer.AsSpan(0, JsonEscapes.Unescape(written, buffer)));
        ArrayPool<byte>.Shared.Return(buffer);
        return matches;
    }
}
