using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;

namespace ClusterTrail.Testing.Nodes.Controllers;

/// <summary>On which nodes a DaemonSet's pods belong: by labels, required node affinity and taints.</summary>
static class Placement
{
    // What every pod of a DaemonSet lives with, whatever its template says.
    static readonly (string Key, string Effect)[] Automatic =
    [
        (NodeTaint.NotReady, "NoExecute"),
        (NodeTaint.Unreachable, "NoExecute"),
        ("node.kubernetes.io/disk-pressure", "NoSchedule"),
        ("node.kubernetes.io/memory-pressure", "NoSchedule"),
        ("node.kubernetes.io/pid-pressure", "NoSchedule"),
        (NodeTaint.Unschedulable, "NoSchedule"),
    ];

    /// <summary>Whether a pod is to be made there.</summary>
    public static bool ShouldRun(Seen node, Seen daemonSet) => Fits(node, daemonSet, ["NoSchedule", "NoExecute"]);

    /// <summary>Whether a pod that is there may stay.</summary>
    public static bool ShouldStay(Seen node, Seen daemonSet) => Fits(node, daemonSet, ["NoExecute"]);

    /// <summary>The tolerations of the template, and those that all pods of DaemonSets get.</summary>
    public static JsonArray Tolerations(JsonNode templateSpec)
    {
        IEnumerable<(string Key, string Effect)> added = Automatic;
        if (templateSpec["hostNetwork"]?.GetValue<bool>() == true)
            added = added.Append((NodeTaint.NetworkUnavailable, "NoSchedule"));
        return
        [
            .. (templateSpec["tolerations"]?.AsArray() ?? []).Select(toleration => toleration!.DeepClone()),
            .. added.Select(one => new JsonObject { ["key"] = one.Key, ["operator"] = "Exists", ["effect"] = one.Effect }),
        ];
    }

    static bool Fits(Seen node, Seen daemonSet, string[] effects)
    {
        var spec = daemonSet.Spec!["template"]!["spec"]!;
        var tolerations = Tolerations(spec);
        var (selector, labels) = (spec["nodeSelector"]?.AsObject() ?? [], node.LabelMap);
        return selector.All(label => labels.GetValueOrDefault(label.Key) == (string?)label.Value)
            && IsLiked(node, spec)
            && NodeTaint.Of(node).Where(taint => effects.Contains(taint.Effect)).All(taint => taint.IsToleratedBy(tolerations));
    }

    // One term is enough, and of a term all expressions hold; it looks at labels only, as the agents' does.
    static bool IsLiked(Seen node, JsonNode spec) =>
        spec["affinity"]?["nodeAffinity"]?["requiredDuringSchedulingIgnoredDuringExecution"]?["nodeSelectorTerms"] is not JsonArray terms
        || terms.Any(term => term!["matchExpressions"]!.AsArray().All(expression => Holds(node, expression!)));

    static bool Holds(Seen node, JsonNode expression)
    {
        var value = node.LabelMap.GetValueOrDefault((string)expression["key"]!);
        return (string?)expression["operator"] switch
        {
            "Exists" => value is not null,
            "DoesNotExist" => value is null,
            "In" => value is not null && expression["values"]!.AsArray().Any(one => (string?)one == value),
            "NotIn" => value is null || expression["values"]!.AsArray().All(one => (string?)one != value),
            var other => throw new NotSupportedException($"The double does not know the operator {other} of a node affinity."),
        };
    }
}
