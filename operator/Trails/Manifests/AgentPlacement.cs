using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Trails.Manifests;

/// <summary>On which nodes a Trail's agents run: what their DaemonSet says of it, and what follows from that for a node.</summary>
public static class AgentPlacement
{
    const string ControlPlane = "node-role.kubernetes.io/control-plane";
    const string FormerControlPlane = "node-role.kubernetes.io/master";

    // What the DaemonSet controller adds to every pod that it makes.
    static readonly Toleration[] OfDaemonSets =
    [
        new("node.kubernetes.io/not-ready", "NoExecute"),
        new("node.kubernetes.io/unreachable", "NoExecute"),
        new("node.kubernetes.io/disk-pressure", "NoSchedule"),
        new("node.kubernetes.io/memory-pressure", "NoSchedule"),
        new("node.kubernetes.io/pid-pressure", "NoSchedule"),
        new("node.kubernetes.io/unschedulable", "NoSchedule"),
    ];

    /// <summary>Whether kube-apiserver can be expected to run on the node, whatever a Trail says.</summary>
    public static bool IsControlPlane(V1Node node) =>
        Labels(node).ContainsKey(ControlPlane) || Labels(node).ContainsKey(FormerControlPlane);

    /// <summary>Whether the node should have an agent: it is of the control plane, or the Trail names it.</summary>
    public static bool Concerns(AgentSpec agent, V1Node node) => IsControlPlane(node) || MissingLabels(agent, node).Count == 0;

    /// <summary>The same of a role: agents of workloads are on the nodes that the Trail names, by default on all.</summary>
    public static bool Concerns(AgentSpec agent, V1Node node, AgentRole role) =>
        role == AgentRole.ApiServer ? Concerns(agent, node) : MissingLabels(agent, node).Count == 0;

    /// <summary>
    /// The labels of <c>spec.agent.nodeSelector</c> that the node lacks, as <c>key=value</c>; without one, that of a control-plane node.
    /// </summary>
    public static IReadOnlyList<string> MissingLabels(AgentSpec agent, V1Node node) => agent.NodeSelector is { } wanted
        ? [.. wanted.Where(label => Labels(node).GetValueOrDefault(label.Key) != label.Value).Select(label => $"{label.Key}={label.Value}")]
        : IsControlPlane(node) ? [] : [ControlPlane];

    /// <summary>The taints that keep the agent off the node.</summary>
    public static IReadOnlyList<V1Taint> UntoleratedTaints(AgentSpec agent, V1Node node)
    {
        Toleration[] tolerations = [.. OfDaemonSets, .. Tolerations(agent).OfType<JsonObject>().Select(Toleration.Read)];
        return
        [
            .. (node.Spec?.Taints ?? []).Where(taint =>
                taint.Effect is "NoSchedule" or "NoExecute" && !tolerations.Any(toleration => toleration.Tolerates(taint))),
        ];
    }

    internal static JsonObject? NodeSelector(AgentSpec agent) => agent.NodeSelector is { Count: > 0 } labels ? labels.ToJson() : null;

    // kubeadm writes the label without a value, k3s and RKE2 with one, and a node selector matches only one of them.
    internal static JsonObject? Affinity(AgentSpec agent) => agent.NodeSelector is not null ? null : new()
    {
        ["nodeAffinity"] = new JsonObject
        {
            ["requiredDuringSchedulingIgnoredDuringExecution"] = new JsonObject
            {
                ["nodeSelectorTerms"] = new JsonArray(Has(ControlPlane), Has(FormerControlPlane)),
            },
        },
    };

    // kube-apiserver is a static pod, which ignores taints. Its agent runs on the same nodes, unless the Trail says which taints it
    // tolerates.
    internal static JsonArray Tolerations(AgentSpec agent) => agent.Tolerations is null
        ? [new JsonObject { ["operator"] = "Exists" }]
        : new([Tolerates(ControlPlane), Tolerates(FormerControlPlane), .. AgentVolumes.Copies(agent.Tolerations)]);

    static IReadOnlyDictionary<string, string> Labels(V1Node node) => node.LabelMap;

    static JsonObject Has(string label) =>
        new() { ["matchExpressions"] = new JsonArray(new JsonObject { ["key"] = label, ["operator"] = "Exists" }) };

    static JsonObject Tolerates(string taint) => new() { ["key"] = taint, ["operator"] = "Exists" };

    /// <summary>A pod's toleration. No key is every taint's, no effect every effect, and no value every value.</summary>
    sealed record Toleration(string? Key, string? Effect, string? Value = null)
    {
        public static Toleration Read(JsonObject json) => new(
            Text(json, "key"), Text(json, "effect"), Text(json, "operator") == "Exists" ? null : Text(json, "value") ?? "");

        public bool Tolerates(V1Taint taint) =>
            (Key is null || Key == taint.Key)
                && (Effect is null || Effect == taint.Effect)
                && (Value is null || Value == (taint.Value ?? ""));

        // A user's own JSON: the API server sees to its types when it is applied.
        static string? Text(JsonObject json, string name) =>
            json[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;
    }
}
