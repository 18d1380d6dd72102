using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Operator.Cache;

/// <summary>What is kept of each kind of object. Others write them, and may make each as large as the API server allows. Pure.</summary>
static class Kept
{
    const int MostLabels = 100;
    const int MostKeys = 100;
    const int MostItems = 20;
    const int LongestText = 1024;

    static readonly string[] OwnLabels = [AgentLabels.Trail, AgentLabels.ManagedBy, AgentLabels.Answers, AgentRoles.Label];

    /// <summary>Who it is, and whose. No annotations, and of the labels only those of the operator.</summary>
    public static V1ObjectMeta Metadata(V1ObjectMeta metadata) => new()
    {
        Name = SharedText.OfAny(metadata.Name),
        NamespaceProperty = SharedText.OfAny(metadata.NamespaceProperty),
        Uid = metadata.Uid,
        ResourceVersion = metadata.ResourceVersion,
        Generation = metadata.Generation,
        CreationTimestamp = metadata.CreationTimestamp,
        DeletionTimestamp = metadata.DeletionTimestamp,
        Labels = metadata.Labels is null ? null : Shared(metadata.Labels.Where(label => OwnLabels.Contains(label.Key))),
        OwnerReferences = metadata.OwnerReferences is { Count: > 0 } owners ? [.. owners.Take(MostItems).Select(Shared)] : null,
    };

    public static Trail Trail(Trail trail) =>
        trail with { Metadata = Metadata(trail.Metadata) with { Finalizers = trail.Metadata.Finalizers } };

    public static PartialResource Identity(PartialResource resource) => resource with { Metadata = Metadata(resource.Metadata) };

    /// <summary>A namespace: its labels decide about a Trail's selectorPolicy.</summary>
    public static PartialResource Namespace(PartialResource resource) =>
        resource with { Metadata = Metadata(resource.Metadata) with { Labels = Labels(resource.Metadata) } };

    public static V1DaemonSet DaemonSet(V1DaemonSet daemons) =>
        new() { Metadata = Metadata(daemons.Metadata), Status = daemons.Status is { } status ? status with { Conditions = null } : null };

    public static V1StatefulSet StatefulSet(V1StatefulSet set) =>
        new() { Metadata = Metadata(set.Metadata), Status = set.Status is { } status ? status with { Conditions = null } : null };

    /// <summary>Which keys a Secret has, and which of them are empty.</summary>
    /// <remarks>A value is only kept of a Secret that the operator has made.</remarks>
    public static V1Secret Secret(V1Secret secret) => new()
    {
        Metadata = Metadata(secret.Metadata),
        Data = secret.Data?.OrderBy(pair => pair.Key, StringComparer.Ordinal).Take(MostKeys).ToDictionary(
            pair => pair.Key,
            pair => StatusKeySecret.IsKey(secret, pair.Key) ? pair.Value : Mark(pair.Value)),
    };

    /// <summary>An agent's pod; nothing of others, whatever their labels say.</summary>
    public static V1Pod? Pod(V1Pod pod) =>
        pod.Metadata.OwnerReferences?.Any(owner => owner is { Controller: true, Kind: "DaemonSet" or Collector.OwnerKind }) != true ? null
        : new()
        {
            Metadata = Metadata(pod.Metadata),
            Spec = pod.Spec is not { } spec ? null : new()
            {
                NodeName = SharedText.OfAny(spec.NodeName),
                // Where it is to run, until it does.
                Affinity = spec is { NodeName: null, Affinity.NodeAffinity: { } nodes } ? new() { NodeAffinity = nodes } : null,
                Containers =
                [
                    .. (spec.Containers ?? []).Take(1).Select(container =>
                        new V1Container
                        {
                            Name = SharedText.OfAny(container.Name),
                            Ports = [.. (container.Ports ?? []).Take(MostItems).Select(Shared)],
                        }),
                ],
            },
            Status = pod.Status is { } status ? Status(status) : null,
        };

    public static V1Node Node(V1Node node) => new()
    {
        ApiVersion = SharedText.OfAny(node.ApiVersion),
        Kind = SharedText.OfAny(node.Kind),
        Metadata = Metadata(node.Metadata) with { Labels = Labels(node.Metadata) },
        Spec = new() { Taints = [.. (node.Spec?.Taints ?? []).Take(MostLabels)] },
        Status = new()
        {
            Addresses = [.. (node.Status?.Addresses ?? []).Where(address => address.Type == "InternalIP").Take(MostItems)],
            Conditions = [.. (node.Status?.Conditions ?? []).Where(condition => condition.Type == "Ready").Take(1).Select(Shared)],
        },
    };

    /// <summary>A warning about a pod, or about what makes one; nothing of other Events.</summary>
    public static Eventsv1Event? Event(Eventsv1Event seen) =>
        seen is not { Type: "Warning", Regarding: { Kind: "Pod" or "DaemonSet" or Collector.OwnerKind } regarding } ? null : new()
        {
            Metadata = Metadata(seen.Metadata),
            Type = seen.Type,
            Reason = Text(seen.Reason, LongestText),
            Note = Text(seen.Note, LongestText),
            EventTime = seen.EventTime,
            Series = seen.Series,
            DeprecatedLastTimestamp = seen.DeprecatedLastTimestamp,
            Regarding = new()
            {
                Kind = regarding.Kind,
                Name = regarding.Name,
                NamespaceProperty = regarding.NamespaceProperty,
                Uid = regarding.Uid,
            },
        };

    public static string Text(string? text, int longest) =>
        text is null ? null! : text.Length <= longest ? text : $"{text[..longest]} …";

    static V1NodeCondition Shared(V1NodeCondition condition) => new()
    {
        Type = SharedText.OfAny(condition.Type),
        Status = SharedText.OfAny(condition.Status),
        LastTransitionTime = condition.LastTransitionTime,
    };

    static byte[] Mark(byte[]? value) => value is { Length: > 0 } ? [1] : [];

    static Dictionary<string, string>? Labels(V1ObjectMeta metadata) => metadata.Labels is { Count: > MostLabels } many
        ? Shared(many.OrderBy(label => label.Key, StringComparer.Ordinal).Take(MostLabels))
        : metadata.Labels is null ? null : Shared(metadata.Labels);

    // Thousands of objects say the same.
    static Dictionary<string, string> Shared(IEnumerable<KeyValuePair<string, string>> labels) =>
        labels.ToDictionary(label => SharedText.Of(label.Key), label => SharedText.Of(label.Value));

    static V1OwnerReference Shared(V1OwnerReference owner) => owner with
    {
        ApiVersion = SharedText.OfAny(owner.ApiVersion),
        Kind = SharedText.OfAny(owner.Kind),
        Name = SharedText.OfAny(owner.Name),
        Uid = SharedText.OfAny(owner.Uid),
    };

    static V1ContainerPort Shared(V1ContainerPort port) =>
        port with { Name = SharedText.OfAny(port.Name), Protocol = SharedText.OfAny(port.Protocol) };

    static V1PodStatus Status(V1PodStatus status) => new()
    {
        Phase = SharedText.OfAny(status.Phase),
        Reason = Text(status.Reason, LongestText),
        Message = Text(status.Message, LongestText),
        PodIP = status.PodIP,
        StartTime = status.StartTime,
        Conditions =
        [
            .. (status.Conditions ?? []).Take(MostItems)
                .Select(condition => condition with
                {
                    Type = SharedText.OfAny(condition.Type),
                    Status = SharedText.OfAny(condition.Status),
                    Message = Text(condition.Message, LongestText),
                }),
        ],
        ContainerStatuses = status.ContainerStatuses is not { } containers ? null :
        [
            .. containers.Take(1).Select(container =>
                container with
                {
                    Name = SharedText.OfAny(container.Name),
                    Image = SharedText.OfAny(container.Image),
                    ImageID = null,
                    ContainerID = null,
                    State = State(container.State),
                    LastState = State(container.LastState),
                    VolumeMounts = null,
                }),
        ],
    };

    static V1ContainerState? State(V1ContainerState? state) => state is null ? null : state with
    {
        Waiting = state.Waiting is { } waiting ? waiting with { Message = Text(waiting.Message, LongestText) } : null,
        Terminated = state.Terminated is { } ended ? ended with { Message = Text(ended.Message, LongestText * 4) } : null,
    };
}
