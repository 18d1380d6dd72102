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
}
