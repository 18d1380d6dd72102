using ClusterTrail.Contract;

namespace ClusterTrail.Trails.Api;

/// <summary>An event hub into which the diagnostic settings of an AKS cluster write audit events.</summary>
public sealed record ApiServerEventHubs
{
    public required string Namespace { get; init; }

    public required string EventHub { get; init; }

    public string ConsumerGroup { get; init; } = "$Default";

    /// <summary>Of the operator's namespace; never a value.</summary>
    public required ConnectionStringSecret ConnectionString { get; init; }

    public FeedStart StartAt { get; init; } = FeedStart.Beginning;

    public int TimeoutSeconds { get; init; } = 60;

    public long JournalMaxBytes { get; init; } = 1L << 30;

    public int MaxEventBytes { get; init; } = 16 << 20;
}

/// <summary>Names a Secret and its key.</summary>
public sealed record ConnectionStringSecret
{
    public required string SecretName { get; init; }

    public string Key { get; init; } = "connectionString";
}
