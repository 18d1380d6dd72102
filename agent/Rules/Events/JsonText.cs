using System.Buffers;

namespace ClusterTrail.Rules.Events;

/// <summary>Strings of JSON as they are written: between their quotes, with their escapes.</summary>
static class JsonText
{
    /// <summary>The string (without its quotes), number or literal at the token; nothing for objects, arrays and null.</summary>
    public static ReadOnlySpan<byte> At(ReadOnlySpan<byte> json, JsonIndex index, int token)
    {
        var position = index.Position(token);
        switch (json[position])
        {
            case (byte)'"':
                return Between(json, position, index.Position(token + 1));
            case (byte)'{' or (byte)'[' or (byte)'n':
                return default;
            default:
                return JsonScalar.At(json, position);
        }
    }

    /// <summary>The string whose opening quote stands here, up to the quote before the next token.</summary>
    public static ReadOnlySpan<byte> Between(ReadOnlySpan<byte> json, int quote, int nextToken)
    {
        var between = json[(quote + 1)..nextToken];
        return between[^1] == (byte)'"' ? between[..^1] : between[..between.LastIndexOf((byte)'"')];
    }

    /// <summary>Whether the written string means this value.</summary>
    public static bool Is(ReadOnlySpan<byte> written, ReadOnlySpan<byte> value) =>
        // Equal bytes mean something else when they hold an escape: an event writes \n for what a value spells with a line break.
        written.SequenceEqual(value)
            ? !value.Contains((byte)'\\')
            : (written.Length > value.Length && written.Contains((byte)'\\') && IsUnescaped(written, value));

    static bool IsUnescaped(ReadOnlySpan<byte> written, ReadOnlySpan<byte> value)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(written.Length);
        var length = JsonEscapes.Unescape(written, buffer);
        var isSame = buffer.AsSpan(0, length).SequenceEqual(value);
        ArrayPool<byte>.Shared.Return(buffer);
        return isSame;
    }
}
