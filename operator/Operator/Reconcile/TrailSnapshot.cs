using ClusterTrail.Contract;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>What is known of a Trail, and the objects that it should become; none while its spec cannot be used.</summary>
sealed record TrailSnapshot(TrailView View, IReadOnlyList<JsonResource> Objects)
{
    /// <summary>The labels of pods that its agents on all nodes need to know.</summary>
    public IReadOnlyList<string> PodLabels { get; init; } = [];

    /// <summary>Whether these agents need to know the pods of their nodes for the labels that records get.</summary>
    public bool NeedsPods { get; init; }

    /// <summary>The labels that records get; of controllers only where agents on all nodes write such records.</summary>
    public EnrichmentConfiguration? Enrichment { get; init; }

    /// <summary>The same Trail, which cannot become its objects: what runs stays as it is.</summary>
    public TrailSnapshot Refused(IReadOnlyList<Rejection> problems) => new(
        View with
        {
            Problems = problems,
            SelectorsHash = View.Trail.Status?.Selectors?.Hash,
            SelectorsJson = null,
            DetectionsHash = View.Trail.Status?.Detections?.Hash,
            Rules = null,
        },
        []);
}
