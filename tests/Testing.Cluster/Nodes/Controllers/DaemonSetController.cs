using ClusterTrail.Kubernetes;
using ClusterTrail.Testing.Nodes.Admission;
using k8s.Models;

namespace ClusterTrail.Testing.Nodes.Controllers;

/// <summary>Keeps one pod of each DaemonSet on every node that it belongs on.</summary>
sealed class DaemonSetController(Clients clients, EventRecorder events, PodAdmission admission, TimeProvider time, Random chance)
{
    readonly Dictionary<string, CreateBackOff> backOffs = [];

    public async Task SyncAsync(Snapshot seen, CancellationToken cancellationToken)
    {
        foreach (var daemonSet in seen.DaemonSets.Where(one => !one.IsDeleted))
            await Races.LoseAsync(() => SyncAsync(daemonSet, seen, cancellationToken));
    }

    async Task SyncAsync(Seen daemonSet, Snapshot seen, CancellationToken cancellationToken)
    {
        var nodes = DaemonNode.All(daemonSet, seen);
        // A pod that terminates keeps its place: the next one comes when it is gone.
        await CreateAsync(daemonSet, seen, [.. nodes.Where(node => node.ShouldRun && node.Pods.Count == 0)], cancellationToken);
        foreach (var node in nodes)
            await DeleteAsync(daemonSet, node.ShouldStay ? node.Pods.Where(pod => !pod.IsDeleted).Skip(1) : node.Pods, cancellationToken);
        await DeleteAsync(daemonSet, RollingUpdate.Replaced(daemonSet, nodes, time.GetUtcNow()), cancellationToken);
        var status = DaemonSetStatusOf.Build(daemonSet, nodes, time.GetUtcNow());
        if (!Json.Holds(daemonSet.Status, status))
            await clients.ApplyStatusAsync(Part.ControllerManager, ResourceType.Of<V1DaemonSet>(), daemonSet, status, cancellationToken);
    }

    async Task CreateAsync(Seen daemonSet, Snapshot seen, IReadOnlyList<DaemonNode> nodes, CancellationToken cancellationToken)
    {
        var backOff = backOffs.TryGetValue(daemonSet.Uid, out var known) ? known : backOffs[daemonSet.Uid] = new(time);
        if (nodes.Count == 0 || !backOff.IsDue(daemonSet))
            return;
        foreach (var node in nodes)
        {
            if (await CreateAsync(daemonSet, seen, node.Node.Metadata.Name, cancellationToken) is { } refusal)
            {
                // The others wait too: what one was refused for, all are.
                backOff.Failed(daemonSet);
                await events.WarnAsync(Source.DaemonSets, daemonSet, "FailedCreate", $"Error creating: {refusal}", cancellationToken);
                return;
            }
        }

        backOff.Succeeded();
    }

    /// <returns>Why the API server did not take the pod.</returns>
    async Task<string?> CreateAsync(Seen daemonSet, Snapshot seen, string node, CancellationToken cancellationToken)
    {
        var pod = PodTemplate.Build(daemonSet, node, Texts.Suffix(chance));
        var name = (string)pod["metadata"]!["name"]!;
        if (admission.Refusal(seen.FindNamespace(daemonSet.Metadata.NamespaceProperty), pod) is { } refusal)
            return refusal;
        try
        {
            await clients.ApplyAsync(Part.ControllerManager, ResourceType.Of<V1Pod>(), pod, cancellationToken);
        }
        catch (KubernetesException e) when (e.IsForbidden || e.IsInvalid)
        {
            return e.Status.Message;
        }

        await events.NormalAsync(Source.DaemonSets, daemonSet, "SuccessfulCreate", $"Created pod: {name}", cancellationToken);
        return null;
    }

    async Task DeleteAsync(Seen daemonSet, IEnumerable<Seen> pods, CancellationToken cancellationToken)
    {
        foreach (var pod in pods.Where(pod => !pod.IsDeleted))
        {
            await clients.DeleteAsync(Part.ControllerManager, ResourceType.Of<V1Pod>(), pod, cancellationToken);
            await events.NormalAsync(
                Source.DaemonSets, daemonSet, "SuccessfulDelete", $"Deleted pod: {pod.Metadata.Name}", cancellationToken);
        }
    }
}
