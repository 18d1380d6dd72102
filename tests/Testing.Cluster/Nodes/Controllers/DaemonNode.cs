namespace ClusterTrail.Testing.Nodes.Controllers;

/// <summary>One node as a DaemonSet sees it.</summary>
/// <param name="Pods">Its pods there, the oldest first; those that terminate are among them.</param>
sealed record DaemonNode(Seen Node, bool ShouldRun, bool ShouldStay, IReadOnlyList<Seen> Pods)
{
    public static IReadOnlyList<DaemonNode> All(Seen daemonSet, Snapshot seen)
    {
        var pods = seen.Pods.Where(pod => PodOf.IsOwnedBy(pod, daemonSet)).ToLookup(PodOf.Target);
        return
        [
            .. from node in seen.Nodes
               orderby node.Metadata.Name
               let name = node.Metadata.Name
               select new DaemonNode(
                   node,
                   Placement.ShouldRun(node, daemonSet),
                   Placement.ShouldStay(node, daemonSet),
                   [.. pods[name].OrderBy(pod => pod.Metadata.CreationTimestamp)]),
        ];
    }
}
