using System.Buffers;
using System.Text;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Explaining;

namespace ClusterTrail.Rules.Selectors;

/// <summary>A few strings, looked up by how an event writes them.</summary>
sealed class TextSet(IEnumerable<string> values)
{
    readonly byte[][] values = [.. values.Select(Encoding.UTF8.GetBytes)];
    readonly int shortest = values.Select(Encoding.UTF8.GetByteCount).DefaultIfEmpty().Min();

    public bool IsEmpty => values.Length == 0;

    /// <summary>The strings, for people.</summary>
    public override string ToString() => Shown.Among(values.Select(Encoding.UTF8.GetString));

    /// <summary>Whether the string is one of these.</summary>
    /// <param name="written">The string between its quotes, with its escapes.</param>
    // What is written is never shorter than what it means.
    public bool Contains(ReadOnlySpan<byte> written) =>
        written.Length >= shortest && (written.Contains((byte)'\\') ? ContainsUnescaped(written) : ContainsPlain(written));

    bool ContainsPlain(ReadOnlySpan<byte> text)
    {
        foreach (var value in values)
        {
            if (text.SequenceEqual(value))
            {
                return true;
            }
        }

        return false;
    }

    bool ContainsUnescaped(ReadOnlySpan<byte> written)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(written.Length);
        var contains = ContainsPlain(buffer.AsSpan(0, JsonEscapes.Unescape(written, buffer)));
        ArrayPool<byte>.Shared.Return(buffer);
        return contains;
    }
}
