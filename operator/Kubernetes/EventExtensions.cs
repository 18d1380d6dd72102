using k8s.Models;

namespace ClusterTrail.Kubernetes;

/// <summary>What is asked of an Event.</summary>
public static class EventExtensions
{
    extension(Eventsv1Event happened)
    {
        /// <summary>When it happened last, whoever wrote it: kubelets write Events of the core group, with other fields.</summary>
        public DateTimeOffset LastAt =>
            (happened.Series?.LastObservedTime ?? happened.DeprecatedLastTimestamp ?? happened.EventTime
                ?? happened.Metadata.CreationTimestamp) is { } at
                    ? new(at)
                    : default;
    }
}
