using k8s.Models;

namespace ClusterTrail.Kubernetes;

/// <summary>Questions about an Event.</summary>
public static class EventExtensions
{
    extension(Eventsv1Event happened)
    {
        /// <summary>When it happened last: kubelets write Events of the core group, which have other fields for it.</summary>
        public DateTimeOffset LastAt =>
            (happened.Series?.LastObservedTime ?? happened.DeprecatedLastTimestamp ?? happened.EventTime
                ?? happened.Metadata.CreationTimestamp) is { } at
                    ? new(at)
                    : default;
    }
}
