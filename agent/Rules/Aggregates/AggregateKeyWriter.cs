using System.Buffers.Binary;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Aggregates;

/// <summary>Writes what an event is counted by: its window, and each part with its length before it.</summary>
/// <remarks>Nothing is allocated for an event.</remarks>
sealed class AggregateKeyWriter
{
    /// <summary>An event whose key is longer is recorded by itself.</summary>
    public const int LongestKey = 8 << 10;

    // The window's number, and whether there is an object.
    const int Head = sizeof(long) + 1;
    const int LongestUserAgent = 64;

    readonly byte[] buffer = new byte[LongestKey];
    int length;

    /// <summary>The windows follow each other from year 1 on, so those of an hour are the same in every hour.</summary>
    public static TimeSpan Window { get; } = TimeSpan.FromMinutes(5);

    /// <summary>False of an event that a count would not do justice to: of which a part was cut out, whose time is none or in no whole
    /// window, or whose names are very long.</summary>
    public bool TryWrite(scoped in AuditEvent audit, out AggregateKey key)
    {
        key = default;
        if (audit.Truncation is not null || EventTime.Parse(audit.StageTimestamp) is not { } time)
            return false;
        // Its window would end in the year 10000, which no time can say.
        if (time > DateTimeOffset.MaxValue - Window)
            return false;
        BinaryPrimitives.WriteInt64LittleEndian(buffer, time.UtcTicks / Window.Ticks);
        buffer[sizeof(long)] = audit.HasObject ? (byte)1 : (byte)0;
        length = Head;
        // In the order of AggregatePart.
        var fits = TryAdd(audit.Stage) && TryAdd(audit.UserName) && TryAdd(audit.ImpersonatedUserName) && TryAdd(audit.Verb)
            && TryAdd(audit.ApiGroup) && TryAdd(audit.Resource) && TryAdd(audit.Subresource) && TryAdd(audit.Namespace)
            && TryAdd(audit.HasObject ? default : PathOf(audit.RequestUri)) && TryAdd(audit.StatusCode) && TryAdd(audit.StatusReason)
            && TryAdd(audit.SourceAddress) && TryAdd(ProductOf(audit.UserAgent));
        if (fits)
            key = new(buffer.AsSpan(0, length), audit.Name, time);
        return fits;
    }

    /// <summary>When the window of a key begins.</summary>
    public static DateTimeOffset WindowOf(ReadOnlySpan<byte> key) =>
        new(BinaryPrimitives.ReadInt64LittleEndian(key) * Window.Ticks, TimeSpan.Zero);

    public static bool HasObject(ReadOnlySpan<byte> key) => key[sizeof(long)] != 0;

    public static ReadOnlySpan<byte> PartOf(ReadOnlySpan<byte> key, AggregatePart part)
    {
        var rest = key[Head..];
        for (var before = 0; before < (int)part; before++)
            rest = rest[(sizeof(ushort) + BinaryPrimitives.ReadUInt16LittleEndian(rest))..];
        return rest.Slice(sizeof(ushort), BinaryPrimitives.ReadUInt16LittleEndian(rest));
    }

    static ReadOnlySpan<byte> PathOf(ReadOnlySpan<byte> uri) => uri.IndexOf((byte)'?') is >= 0 and var query ? uri[..query] : uri;

    // Up to what begins the version. No escape begins in it, and no letter of several bytes is cut.
    static ReadOnlySpan<byte> ProductOf(ReadOnlySpan<byte> userAgent)
    {
        var end = userAgent.IndexOfAny((byte)'/', (byte)' ', (byte)'\\') is >= 0 and var found ? found : userAgent.Length;
        if (end <= LongestUserAgent)
            return userAgent[..end];
        end = LongestUserAgent;
        while (end > 0 && (userAgent[end] & 0xC0) == 0x80)
            end--;
        return userAgent[..end];
    }

    bool TryAdd(ReadOnlySpan<byte> part)
    {
        if (part.Length > LongestKey - length - sizeof(ushort))
            return false;
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(length), (ushort)part.Length);
        part.CopyTo(buffer.AsSpan(length + sizeof(ushort)));
        length += sizeof(ushort) + part.Length;
        return true;
    }
}
