using System.Buffers;
using System.Text;
using ClusterTrail.Agent.Events;

namespace ClusterTrail.Agent.Selectors;

/// <summary>A few strings, looked up by how an event writes them.</summary>
sealed class TextSet(IEnumerable<string> values)
{
    readonly byte[][] values = [.. values.Select(Encoding.UTF8.GetBytes)];

    public bool IsEmpty => values.Length == 0;

    /// <summary>Whether the string is one of these.</summary>
    /// <param name="written">The string between its quotes, with its escapes.</param>
    public bool Contains(ReadOnlySpan<byte> written)
    {
        foreach (var value in values)
        {
            if (written.SequenceEqual(value))
            {
                return true;
            }
        }

        return written.Contains((byte)'\\') && ContainsUnescaped(written);
    }

    bool ContainsUnescaped(ReadOnlySpan<byte> written)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(written.Length);
        var length = JsonEscapes.Unescape(written, buffer);
        var contains = Array.Exists(values, value => buffer.AsSpan(0, length).SequenceEqual(value));
        ArrayPool<byte>.Shared.Return(buffer);
        return contains;
    }
}
