using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Testing.Nodes.Controllers;

/// <summary>Removes pods whose DaemonSet or StatefulSet is gone, and, by force, those whose node is.</summary>
sealed class PodGarbage(Clients clients)
{
    public async Task SyncAsync(Snapshot seen, CancellationToken cancellationToken)
    {
        var owners = seen.DaemonSets.Concat(seen.StatefulSets).Select(owner => owner.Uid).ToHashSet();
        foreach (var pod in seen.Pods)
        {
            // One that no scheduler has bound has no kubelet that would let it go.
            var isNobodys = seen.FindNode(PodOf.Target(pod)) is null || (pod.IsDeleted && PodOf.Node(pod) is null);
            if (isNobodys)
                await Races.LoseAsync(() => RemoveAsync(clients, Part.ControllerManager, pod, cancellationToken));
            else if (!pod.IsDeleted && pod.Metadata.OwnerReferences?.Any(owner => owners.Contains(owner.Uid)) != true)
                await Races.LoseAsync(() => clients.DeleteAsync(Part.ControllerManager, ResourceType.Of<V1Pod>(), pod, cancellationToken));
        }
    }

    /// <summary>Deletes a pod without waiting for anybody.</summary>
    static Task RemoveAsync(Clients clients, Part part, Seen pod, CancellationToken cancellationToken) => pod.IsDeleted
        ? clients.LetGoAsync(part, pod, cancellationToken)
        : clients.DeleteAsync(part, ResourceType.Of<V1Pod>(), pod, cancellationToken);
}
