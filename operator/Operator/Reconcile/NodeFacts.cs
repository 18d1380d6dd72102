using k8s.Models;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>What of a node matters to a Trail. A node's status is written every few minutes, changed or not.</summary>
static class NodeFacts
{
    /// <summary>Whether nothing of it has changed; a node that came or went has.</summary>
    public static bool AreSame(V1Node? before, V1Node? after) =>
        before is not null && after is not null && Of(before).SequenceEqual(Of(after));

    static IEnumerable<string> Of(V1Node node) =>
    [
        .. (node.Metadata.Labels ?? new Dictionary<string, string>()).Select(label => $"{label.Key}={label.Value}")
            .Order(StringComparer.Ordinal),
        .. (node.Spec?.Taints ?? []).Select(taint => taint.ToString()),
        .. (node.Status?.Conditions ?? []).Where(condition => condition.Type == "Ready").Select(condition => condition.Status),
    ];
}
