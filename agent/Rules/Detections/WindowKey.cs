using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Detections;

/// <summary>What events are counted together by: the values at some paths.</summary>
sealed class WindowKey(IReadOnlyList<string> by)
{
    static readonly int Salt = Random.Shared.Next();

    readonly string[] by = [.. by];

    public IReadOnlyList<string> Paths => by;

    /// <summary>A number for the event's values; those of other values are, but for 2^-64, others.</summary>
    public long Of(in AuditEvent audit)
    {
        var (first, second) = (new HashCode(), new HashCode());
        first.Add(Salt);
        foreach (var path in by)
        {
            var value = ValueOf(audit, path);
            first.Add(value.Length);
            first.AddBytes(value);
            second.AddBytes(value);
            second.Add(value.Length);
        }

        return ((long)first.ToHashCode() << 32) | (uint)second.ToHashCode();
    }

    /// <summary>The value as the event writes it.</summary>
    public static ReadOnlySpan<byte> ValueOf(in AuditEvent audit, string path) =>
        EventField.At(path) is { } field ? field(audit)
        : throw new ArgumentException($"{path} is not counted by.", nameof(path));
}
