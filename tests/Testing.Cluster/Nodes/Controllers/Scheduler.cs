using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Testing.Nodes.Controllers;

/// <summary>Binds each pod to the node that it was made for, or says why it cannot.</summary>
sealed class Scheduler(Clients clients, EventRecorder events, TimeProvider time)
{
    readonly Dictionary<string, string> full = [];
    readonly Dictionary<string, string> reported = [];

    /// <summary>Leaves no room on a node: no new pod fits there.</summary>
    /// <param name="resource">Of which there is too little, such as <c>memory</c>; nothing: there is room again.</param>
    public void Fill(string node, string? resource)
    {
        if (resource is null)
            full.Remove(node);
        else
            full[node] = resource;
    }

    public async Task SyncAsync(Snapshot seen, CancellationToken cancellationToken)
    {
        foreach (var pod in seen.Pods.Where(pod => !pod.IsDeleted && PodOf.Node(pod) is null))
            await Races.LoseAsync(() => SyncAsync(pod, seen, cancellationToken));
    }

    async Task SyncAsync(Seen pod, Snapshot seen, CancellationToken cancellationToken)
    {
        var node = seen.FindNode(PodOf.Target(pod));
        if (Misfit(pod, node) is { } misfit)
        {
            await RefuseAsync(pod, Reason(seen.Nodes.Count, node is not null, misfit), cancellationToken);
            return;
        }

        await clients.ApplyAsync(
            Part.Scheduler,
            ResourceType.Of<V1Pod>(),
            pod,
            new() { ["spec"] = new JsonObject { ["nodeName"] = node!.Metadata.Name } },
            cancellationToken);
        reported.Remove(pod.Uid);
        await events.NormalAsync(
            Source.Binding, pod, "Scheduled", $"Successfully assigned {pod.Key} to {node.Metadata.Name}", cancellationToken);
    }

    string? Misfit(Seen pod, Seen? node)
    {
        if (node is null)
            return "";
        var tolerations = pod.Spec!["tolerations"]!.AsArray();
        var kept = NodeTaint.Of(node).Where(taint => taint.Effect != "PreferNoSchedule");
        if (kept.FirstOrDefault(taint => !taint.IsToleratedBy(tolerations)) is { } taint)
            return $"node(s) had untolerated taint {{{taint.Key}: {taint.Value}}}";
        return full.TryGetValue(node.Metadata.Name, out var resource) ? $"Insufficient {resource}" : null;
    }

    // As the scheduler adds them up: the one node by its own reason, all others by the pod's affinity for the one.
    static string Reason(int all, bool there, string misfit)
    {
        var others = there ? all - 1 : all;
        List<string> reasons = there ? [$"1 {misfit}"] : [];
        if (others > 0)
            reasons.Add($"{others} node(s) didn't satisfy plugin(s) [NodeAffinity]");
        var isFull = there && misfit.StartsWith("Insufficient", StringComparison.Ordinal);
        List<string> preemption = isFull ? ["1 No preemption victims found for incoming pod"] : [];
        if (all - preemption.Count > 0)
            preemption.Add($"{all - preemption.Count} Preemption is not helpful for scheduling");
        var none = $"0/{all} nodes are available";
        return $"{none}: {string.Join(", ", reasons)}. preemption: {none}: {string.Join(", ", preemption)}.";
    }

    async Task RefuseAsync(Seen pod, string reason, CancellationToken cancellationToken)
    {
        if (reported.GetValueOrDefault(pod.Uid) == reason)
            return;
        reported[pod.Uid] = reason;
        var condition = new JsonObject
        {
            ["type"] = "PodScheduled",
            ["status"] = "False",
            ["reason"] = "Unschedulable",
            ["message"] = reason,
            ["lastTransitionTime"] = Texts.Time(time.GetUtcNow()),
        };
        await clients.ApplyStatusAsync(
            Part.Scheduler,
            ResourceType.Of<V1Pod>(),
            pod,
            new() { ["phase"] = "Pending", ["conditions"] = new JsonArray(condition) },
            cancellationToken);
        await events.WarnAsync(Source.Scheduling, pod, "FailedScheduling", reason, cancellationToken);
    }
}
