namespace ClusterTrail.Testing;

/// <summary>The events of the real audit log, without their newlines.</summary>
public static class RealLog
{
    static readonly Lazy<byte[][]> All = new(() => [.. AuditLog.Lines().Select(line => line[..^1].ToArray())]);

    public static IReadOnlyList<byte[]> Lines => All.Value;
}
