using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Testing.Nodes.Controllers;

/// <summary>
/// Gives up nodes that show no life: Ready becomes Unknown, they are tainted, their pods are no longer ready. Taints cordoned ones.
/// </summary>
sealed class NodeLifecycle(Clients clients, EventRecorder events, TimeProvider time, NodeWorldOptions options)
{
    static readonly NodeTaint[] OfUnreachable = [new(NodeTaint.Unreachable, "", "NoSchedule"), new(NodeTaint.Unreachable, "", "NoExecute")];
    static readonly NodeTaint OfCordoned = new(NodeTaint.Unschedulable, "", "NoSchedule");

    /// <param name="silentSince">When a node's kubelet was last heard of; nothing while it is well.</param>
    public async Task SyncAsync(Snapshot seen, Func<string, DateTimeOffset?> silentSince, CancellationToken cancellationToken)
    {
        foreach (var node in seen.Nodes)
        {
            var isGone = silentSince(node.Metadata.Name) is { } since && since + options.NodeMonitorGrace <= time.GetUtcNow();
            await Races.LoseAsync(() => TaintAsync(node, isGone, cancellationToken));
            if (isGone)
                await Races.LoseAsync(() => GiveUpAsync(node, seen, cancellationToken));
        }
    }

    Task TaintAsync(Seen node, bool isGone, CancellationToken cancellationToken)
    {
        var taints = NodeTaint.Of(node);
        List<NodeTaint> wanted =
        [
            .. taints.Where(taint => taint != OfCordoned && !OfUnreachable.Contains(taint)),
            .. isGone ? OfUnreachable : [],
        ];
        if (node.Spec?["unschedulable"]?.GetValue<bool>() == true)
            wanted.Add(OfCordoned);
        return wanted.ToHashSet().SetEquals(taints)
            ? Task.CompletedTask
            : clients.ApplyAsync(
                Part.ControllerManager, ResourceType.Of<V1Node>(), node, new() { ["spec"] = Taints(wanted) }, cancellationToken);
    }

    public static JsonObject Taints(IEnumerable<NodeTaint> taints) =>
        new() { ["taints"] = new JsonArray([.. taints.Select(taint => taint.ToJson())]) };

    async Task GiveUpAsync(Seen node, Snapshot seen, CancellationToken cancellationToken)
    {
        if (NodeStatusOf.Ready(node) != "Unknown")
            await clients.ApplyStatusAsync(
                Part.ControllerManager, ResourceType.Of<V1Node>(), node, NodeStatusOf.Unknown(time.GetUtcNow()), cancellationToken);
        foreach (var pod in seen.Pods.Where(pod => PodOf.Node(pod) == node.Metadata.Name && PodOf.IsReady(pod)))
            await Races.LoseAsync(() => UnreadyAsync(pod, cancellationToken));
    }

    // Their phase stays as it was: nobody knows better.
    async Task UnreadyAsync(Seen pod, CancellationToken cancellationToken)
    {
        var conditions = pod.Status!["conditions"]!.DeepClone().AsArray();
        var ready = conditions.Single(condition => (string?)condition!["type"] == "Ready")!;
        (ready["status"], ready["lastTransitionTime"]) = ("False", Texts.Time(time.GetUtcNow()));
        await clients.ApplyStatusAsync(
            Part.ControllerManager, ResourceType.Of<V1Pod>(), pod, new() { ["conditions"] = conditions }, cancellationToken);
        await events.WarnAsync(Source.NodeLifecycle, pod, "NodeNotReady", "Node is not ready", cancellationToken);
    }
}
