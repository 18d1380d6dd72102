using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Testing.Nodes;

/// <summary>All that controllers and kubelets look at, at the start of a round.</summary>
sealed record Snapshot(
    IReadOnlyList<Seen> Nodes, IReadOnlyList<Seen> DaemonSets, IReadOnlyList<Seen> StatefulSets, IReadOnlyList<Seen> Pods,
    IReadOnlyList<Seen> Namespaces)
{
    /// <summary>Only pods that this double made: others are the tests' own affair.</summary>
    public static async Task<Snapshot> TakeAsync(Clients clients, CancellationToken cancellationToken) => new(
        await clients.ListAsync(ResourceType.Of<V1Node>(), cancellationToken),
        await clients.ListAsync(ResourceType.Of<V1DaemonSet>(), cancellationToken),
        await clients.ListAsync(ResourceType.Of<V1StatefulSet>(), cancellationToken),
        [.. (await clients.ListAsync(ResourceType.Of<V1Pod>(), cancellationToken)).Where(PodOf.IsOurs)],
        await clients.ListAsync(OtherKinds.Namespace, cancellationToken));

    public Seen? FindNode(string name) => Nodes.FirstOrDefault(node => node.Metadata.Name == name);

    public Seen? FindNamespace(string? name) => Namespaces.FirstOrDefault(@namespace => @namespace.Metadata.Name == name);
}
