using ClusterTrail.Contract.Selectors;
using ClusterTrail.Kubernetes;

namespace ClusterTrail.Trails;

/// <summary>A team asks a Trail to record more of its own namespace: crds/trailselectors.clustertrail.io.yaml.</summary>
public sealed record TrailSelector : Resource, IResource<TrailSelector>
{
    public static ResourceType Definition { get; } = new("clustertrail.io", "v1alpha1", "TrailSelector", "trailselectors");

    public required TrailSelectorSpec Spec { get; init; }

    public TrailSelectorStatus? Status { get; init; }
}

public sealed record TrailSelectorSpec
{
    public required string Trail { get; init; }

    public IReadOnlyList<AuditStage> OmitStages { get; init; } = [];

    public required IReadOnlyList<SelectorRule> Rules { get; init; }
}

public sealed record TrailSelectorStatus
{
    public IReadOnlyList<SelectorTrail>? Trails { get; init; }
}

/// <summary>What one Trail makes of a TrailSelector.</summary>
public sealed record SelectorTrail
{
    public required string Name { get; init; }

    public IReadOnlyList<Condition>? Conditions { get; init; }
}
