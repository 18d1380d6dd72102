namespace ClusterTrail.Contract.Status;

/// <summary>The labels that records get.</summary>
public sealed record EnrichmentStatus
{
    /// <summary>The SHA-256 of the labels as the operator sent them; nothing before it did.</summary>
    public string? LabelsHash { get; init; }

    /// <summary>How many namespaces are known.</summary>
    public required int Namespaces { get; init; }

    /// <summary>How many pods are known whose controller's labels records get.</summary>
    public int Pods { get; init; }
}
