using ClusterTrail.Contract.Selectors;
using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Trails.Api;

/// <summary>A team's request that a Trail records more of the team's namespace: crds/trailselectors.clustertrail.io.yaml.</summary>
[KubernetesEntity(Group = "clustertrail.io", ApiVersion = "v1alpha1", Kind = "TrailSelector", PluralName = "trailselectors")]
public record TrailSelector : Resource
{
    public required TrailSelectorSpec Spec { get; init; }

    public TrailSelectorStatus? Status { get; init; }
}

public sealed record TrailSelectorSpec
{
    public required string Trail { get; init; }

    public IReadOnlyList<AuditStage> OmitStages { get; init; } = [];

    public IReadOnlyList<SelectorRule> Rules { get; init; } = [];

    public IReadOnlyList<SelectorWorkload> Workloads { get; init; } = [];
}

public sealed record TrailSelectorStatus
{
    public IReadOnlyList<SelectorTrail>? Trails { get; init; }
}

/// <summary>What one Trail makes of a TrailSelector.</summary>
public sealed record SelectorTrail
{
    public required string Name { get; init; }

    public IReadOnlyList<V1Condition>? Conditions { get; init; }
}
