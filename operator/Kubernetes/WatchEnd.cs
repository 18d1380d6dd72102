namespace ClusterTrail.Kubernetes;

/// <summary>Why a watch began anew.</summary>
enum WatchEnd
{
    Ended,
    Gone,
    Failed,
}
