namespace ClusterTrail.Kubernetes;

/// <summary>Why a watch was restarted.</summary>
enum WatchEnd
{
    Ended,
    Gone,
    Failed,
}
