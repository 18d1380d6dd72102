using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using k8s;
using k8s.Models;

namespace ClusterTrail.Trails.Manifests;

/// <summary>The labels of all that belongs to a Trail's agents.</summary>
public static class AgentLabels
{
    /// <summary>Names the Trail that an object belongs to.</summary>
    public const string Trail = "clustertrail.io/trail";

    public const string Version = "app.kubernetes.io/version";

    public const string ManagedBy = "app.kubernetes.io/managed-by";

    public const string Operator = "clustertrail-operator";

    /// <summary>Of a pod whose agent has a key: <see cref="Signed"/> answers only are believed.</summary>
    public const string Answers = "clustertrail.io/answers";

    public const string Signed = "signed";

    /// <summary>Of every object and every pod.</summary>
    public static IReadOnlyDictionary<string, string> Of(string trail, AgentRole role = AgentRole.ApiServer) =>
        new Dictionary<string, string>(Selecting(trail, role))
        {
            [ManagedBy] = Operator,
            [Trail] = trail,
        };

    /// <summary>Of every pod: its agent has a key, and signs what it answers.</summary>
    public static IReadOnlyDictionary<string, string> OfPods(string trail, AgentRole role = AgentRole.ApiServer) =>
        new Dictionary<string, string>(Of(trail, role)) { [Answers] = Signed };

    /// <summary>The Trail that an object was made for; null if it was made for none.</summary>
    public static string? TrailOf(IKubernetesObject<V1ObjectMeta> resource) => resource.LabelMap.GetValueOrDefault(Trail);

    /// <summary>What selects the pods of a role. A DaemonSet never changes it.</summary>
    public static IReadOnlyDictionary<string, string> Selecting(string trail, AgentRole role) =>
        new Dictionary<string, string>(SelectingAll(trail)) { [AgentRoles.Label] = role.Component() };

    /// <summary>What selects all pods of a Trail.</summary>
    public static IReadOnlyDictionary<string, string> SelectingAll(string trail) => new Dictionary<string, string>
    {
        ["app.kubernetes.io/name"] = "clustertrail-agent",
        ["app.kubernetes.io/instance"] = trail,
    };

    internal static JsonObject ToJson(this IEnumerable<KeyValuePair<string, string>> texts) =>
        new(texts.Select(text => KeyValuePair.Create<string, JsonNode?>(text.Key, text.Value)));
}
