using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;

namespace ClusterTrail.Testing.Nodes.Controllers;

/// <summary>Counts a DaemonSet's pods.</summary>
static class DaemonSetStatusOf
{
    public static TimeSpan MinReady(Seen daemonSet) => TimeSpan.FromSeconds(daemonSet.Spec!["minReadySeconds"]?.GetValue<int>() ?? 0);

    public static JsonObject Build(Seen daemonSet, IReadOnlyList<DaemonNode> nodes, DateTimeOffset now)
    {
        var desired = nodes.Where(node => node.ShouldRun).ToList();
        var first = desired.Where(node => node.Pods.Count > 0).Select(node => node.Pods[0]).ToList();
        var hash = PodTemplate.Hash(daemonSet);
        var available = first.Count(pod => PodOf.IsAvailable(pod, MinReady(daemonSet), now));
        return new()
        {
            ["observedGeneration"] = daemonSet.Metadata.Generation,
            ["desiredNumberScheduled"] = desired.Count,
            ["currentNumberScheduled"] = first.Count,
            ["updatedNumberScheduled"] = first.Count(pod => pod.LabelMap.GetValueOrDefault(PodOf.Hash) == hash),
            ["numberReady"] = first.Count(PodOf.IsReady),
            ["numberAvailable"] = available,
            ["numberUnavailable"] = desired.Count - available,
            ["numberMisscheduled"] = nodes.Count(node => !node.ShouldRun && node.Pods.Count > 0),
        };
    }
}
