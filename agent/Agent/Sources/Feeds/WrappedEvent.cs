using System.Buffers;
using System.Text.Json;

namespace ClusterTrail.Agent.Sources.Feeds;

/// <summary>An event that is a string within something else.</summary>
static class WrappedEvent
{
    /// <summary>API servers take requests that are nested as deep, and a patch stands in an event as it came.</summary>
    public const int MostDepth = 10_100;

    public static JsonReaderOptions Deep { get; } = new() { MaxDepth = MostDepth };

    /// <param name="text">A reader that stands at the string.</param>
    /// <param name="around">What it was taken from, as it is recorded when it is no event.</param>
    /// <param name="at">When it was written.</param>
    public static void Add(in Utf8JsonReader text, ReadOnlySpan<byte> around, DateTimeOffset? at, FeedLines lines)
    {
        if (text.TokenType != JsonTokenType.String)
        {
            lines.AddUnreadable(around);
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, text.ValueSpan.Length));
        try
        {
            var raw = buffer.AsSpan(0, text.CopyString(buffer)).Trim(" \t\r\n\0"u8);
            if (CutEvent.IsWhole(raw))
                lines.AddEvent(raw);
            else if (raw.IsEmpty || raw[0] != (byte)'{' || !CutEvent.TryAdd(raw, at, lines))
                lines.AddUnreadable(around);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: such a string is no text.
            lines.AddUnreadable(around);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
