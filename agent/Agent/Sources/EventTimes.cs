using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>The time that an audit event carries, found without taking it apart.</summary>
static class EventTimes
{
    const int Window = 8192;

    // Inside a string the quotes would be escaped, and bodies come before it: the last one is the event's own.
    static ReadOnlySpan<byte> Marker => "\"stageTimestamp\":\""u8;

    /// <summary>The time of the last event of a text; null when it has none.</summary>
    public static DateTimeOffset? Last(ReadOnlySpan<byte> text)
    {
        var at = text.LastIndexOf(Marker);
        if (at < 0)
        {
            return null;
        }

        var value = text[(at + Marker.Length)..];
        var end = value.IndexOf((byte)'"');
        return end < 0 ? null : EventTime.Parse(value[..end]);
    }

    /// <summary>The time of the last event that ends at or before this byte; null when it has none, or cannot be read now.</summary>
    public static DateTimeOffset? Before(ILogFile file, long end)
    {
        try
        {
            var text = new byte[(int)Math.Min(end, Window)];
            return Last(text.AsSpan(0, FileBytes.Fill(file, text, end - text.Length)));
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return null;
        }
    }
}
