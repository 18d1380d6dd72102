namespace ClusterTrail.Trails.Api;

/// <summary>How an agent is asked by admission, where no audit event can be had.</summary>
public sealed record ApiServerAdmission
{
    public int Port { get; init; } = 9444;

    public long QueueMaxBytes { get; init; } = 64 << 20;

    public long JournalMaxBytes { get; init; } = 1L << 30;

    public int MaxEventBytes { get; init; } = 16 << 20;
}
