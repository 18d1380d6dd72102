namespace ClusterTrail.Kubernetes;

public sealed record DaemonSetStatus(
    int DesiredNumberScheduled = 0, int CurrentNumberScheduled = 0, int NumberReady = 0, int NumberMisscheduled = 0,
    int UpdatedNumberScheduled = 0, int NumberAvailable = 0, int NumberUnavailable = 0, long? ObservedGeneration = null);
