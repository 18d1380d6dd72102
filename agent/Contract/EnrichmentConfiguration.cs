namespace ClusterTrail.Contract;

/// <summary>The labels that records get beside what the event says: docs/archive-format.md#labels.</summary>
public sealed record EnrichmentConfiguration
{
    /// <summary>How many keys there may be in all, as many as CloudTrail's resource tags.</summary>
    public const int MostKeys = 50;

    /// <summary>Labels of the namespace of the object. The default is none.</summary>
    public IReadOnlyList<string>? NamespaceLabels { get; init; }

    /// <summary>Labels of the controller of the pod. The default is none.</summary>
    public IReadOnlyList<string>? OwnerLabels { get; init; }
}
