using ClusterTrail.Kms;

namespace ClusterTrail.Operator.Model;

/// <summary>The options of the operator's command line.</summary>
sealed record OperatorOptions
{
    /// <summary>The operator's own namespace, in which agents run and Secrets and ConfigMaps are named.</summary>
    public required string Namespace { get; init; }

    /// <summary>The agents' image where a Trail names none.</summary>
    public required string AgentImage { get; init; }

    /// <summary>Who may connect to the agents' telemetry, as peers of a NetworkPolicy in JSON; null means everyone.</summary>
    public string? TelemetryPeers { get; init; }

    /// <summary>Where /metrics, /healthz and /readyz are served.</summary>
    public string Listen { get; init; } = "[::]:8080";

    /// <summary>The name of the Lease that says which replica works.</summary>
    public string Lease { get; init; } = "clustertrail-operator";

    /// <summary>Different for every process, also for a restarted one.</summary>
    public required string Identity { get; init; }

    /// <summary>How often agents are polled for their status.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a deleted Trail waits for its agents to deliver what they hold.</summary>
    public TimeSpan DeletionGrace { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How many Trails are reconciled at a time.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>Whether Trails and TrailSelectors may have agents on all nodes, which record workloads.</summary>
    public bool Workloads { get; init; }

    /// <summary>The key in AWS KMS that signs key records; null: one in a Secret.</summary>
    public KmsKeyReference? Kms { get; init; }

    /// <summary>How much of TrailSelectors is taken up.</summary>
    public SelectorQuota Quota { get; init; } = new();
}
