using ClusterTrail.Contract;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Trails.Api;

public sealed record TrailSpec
{
    public required string ClusterName { get; init; }

    public bool Logging { get; init; } = true;

    public required TrailSources Sources { get; init; }

    /// <summary>Null records everything; an empty list records what TrailSelectors add.</summary>
    public IReadOnlyList<SelectorRule>? Selectors { get; init; }

    public IReadOnlyList<AuditStage> OmitStages { get; init; } = [];

    public SelectorPolicy SelectorPolicy { get; init; } = new();

    /// <summary>The labels that records get; null for none.</summary>
    public EnrichmentConfiguration? Enrichment { get; init; }

    /// <summary>What is recorded on all nodes, beside the API server's events.</summary>
    public IReadOnlyList<TrailWorkload> Workloads { get; init; } = [];

    public WorkloadAgentSpec WorkloadAgent { get; init; } = new();

    public required TrailSink Sink { get; init; }

    public TrailEncryption Encryption { get; init; } = new();

    public TrailBatch Batch { get; init; } = new();

    public SpoolConfiguration Spool { get; init; } = new();

    /// <summary>The digests that prove what the archive contains.</summary>
    public TrailIntegrity Integrity { get; init; } = new();

    public TrailTelemetry Telemetry { get; init; } = new();

    public TrailDetections Detections { get; init; } = new();

    /// <summary>Whether agents look for what is unusual in the API server's events.</summary>
    public InsightsConfiguration Insights { get; init; } = new();

    public TrailNotifications Notifications { get; init; } = new();

    public AgentSpec Agent { get; init; } = new();

    /// <summary>What the one agent has that reads for all API servers.</summary>
    public CollectorSpec Collector { get; init; } = new();
}
