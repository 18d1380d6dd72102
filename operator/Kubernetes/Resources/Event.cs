using System.Text.Json.Serialization;

namespace ClusterTrail.Kubernetes;

/// <summary>What <c>kubectl describe</c> shows under Events.</summary>
public sealed record Event : Resource, IResource<Event>
{
    public static ResourceType Definition { get; } = new("events.k8s.io", "v1", "Event", "events");

    [JsonConverter(typeof(MicroTimeConverter))]
    public DateTimeOffset? EventTime { get; init; }

    /// <summary><c>Normal</c> or <c>Warning</c>.</summary>
    public string? Type { get; init; }

    public string? Reason { get; init; }
    public string? Note { get; init; }
    public string? Action { get; init; }
    public string? ReportingController { get; init; }
    public string? ReportingInstance { get; init; }
    public ObjectReference? Regarding { get; init; }

    /// <summary>How often it happened again, of those that know; written by others.</summary>
    public EventSeries? Series { get; init; }

    /// <summary>When it happened last, of those who write Events of the core group, as kubelets do.</summary>
    public DateTimeOffset? DeprecatedLastTimestamp { get; init; }

    /// <summary>When it happened last, whoever wrote it.</summary>
    [JsonIgnore]
    public DateTimeOffset LastAt => Series?.LastObservedTime ?? DeprecatedLastTimestamp ?? EventTime ?? Metadata.CreationTimestamp ?? default;
}

/// <summary>An Event that happened more than once.</summary>
public sealed record EventSeries(int Count, [property: JsonConverter(typeof(MicroTimeConverter))] DateTimeOffset? LastObservedTime);
