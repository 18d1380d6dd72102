using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Testing.Nodes.Admission;
using k8s.Models;

namespace ClusterTrail.Testing.Nodes.Controllers;

/// <summary>Keeps the one pod of each StatefulSet, on the first node that takes it.</summary>
/// <remarks>A pod that terminates keeps its place: there are never two of the same name.</remarks>
sealed class StatefulSetController(Clients clients, EventRecorder events, PodAdmission admission)
{
    const string Kind = "StatefulSet";

    public async Task SyncAsync(Snapshot seen, CancellationToken cancellationToken)
    {
        foreach (var set in seen.StatefulSets.Where(one => !one.IsDeleted))
            await Races.LoseAsync(() => SyncAsync(set, seen, cancellationToken));
    }

    async Task SyncAsync(Seen set, Snapshot seen, CancellationToken cancellationToken)
    {
        var pod = seen.Pods.FirstOrDefault(one => PodOf.IsOwnedBy(one, set));
        if (pod is null)
            await CreateAsync(set, seen, cancellationToken);
        else if (!pod.IsDeleted && pod.LabelMap.GetValueOrDefault(PodOf.Hash) != PodTemplate.Hash(set))
            await clients.DeleteAsync(Part.ControllerManager, ResourceType.Of<V1Pod>(), pod, cancellationToken);
        var status = new JsonObject
        {
            ["observedGeneration"] = set.Metadata.Generation,
            ["replicas"] = pod is null ? 0 : 1,
            ["readyReplicas"] = pod is not null && PodOf.IsReady(pod) ? 1 : 0,
        };
        if (!Json.Holds(set.Status, status))
            await clients.ApplyStatusAsync(Part.ControllerManager, ResourceType.Of<V1StatefulSet>(), set, status, cancellationToken);
    }

    async Task CreateAsync(Seen set, Snapshot seen, CancellationToken cancellationToken)
    {
        var target = seen.Nodes.OrderBy(node => node.Metadata.Name).FirstOrDefault(node => Placement.ShouldRun(node, set));
        var pod = PodTemplate.Build(set, target?.Metadata.Name ?? "none", "0", Kind);
        foreach (var claim in set.Spec!["volumeClaimTemplates"]?.AsArray() ?? [])
        {
            var name = (string)claim!["metadata"]!["name"]!;
            pod["spec"]!["volumes"]!.AsArray().Add(new JsonObject
            {
                ["name"] = name,
                ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = $"{name}-{(string)pod["metadata"]!["name"]!}" },
            });
        }

        if (admission.Refusal(seen.FindNamespace(set.Metadata.NamespaceProperty), pod) is { } refusal)
            await events.WarnAsync(Source.StatefulSets, set, "FailedCreate", $"create Pod {set.Metadata.Name}-0 in StatefulSet failed error: {refusal}", cancellationToken);
        else if (target is not null)
            await clients.ApplyAsync(Part.ControllerManager, ResourceType.Of<V1Pod>(), pod, cancellationToken);
    }
}
