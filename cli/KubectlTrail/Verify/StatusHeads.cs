using System.CommandLine;
using System.Text;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Clusters;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Trails.Api;
using ClusterTrail.Verification.Heads;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Verify;

/// <summary>The heads that the cluster's operator knows of, as <c>kubectl trail status --heads</c> prints them.</summary>
static class StatusHeads
{
    /// <exception cref="TrailException">The cluster cannot be read, or knows none.</exception>
    internal static async Task<IReadOnlyList<KnownHead>> ReadAsync(
        ParseResult arguments, ArchiveScope scope, string @namespace, ProblemLog problems, CancellationToken cancellationToken)
    {
        using var cluster = new ClusterReader(ClusterOption.Find(arguments));
        var trails = await cluster.ListAsync<Trail>(null, problems, cancellationToken);
        var text = await HeadList.TextAsync(
            cluster, [.. trails.Where(trail => IsIn(scope, trail))], @namespace, cancellationToken);
        var known = HeadsFile.Read(Encoding.UTF8.GetBytes(text), $"the status of the Trails of {cluster.Name}");
        var heads = known.Where(head => scope.Node is null || head.Node.Node == scope.Node).ToList();
        // Without any, a chain that was cut off would pass.
        return heads.Count > 0
            ? heads
            : throw new TrailException(
                ExitCode.Unreadable, $"--status: no Trail of {cluster.Name} names a head of what is verified; is it the right --context, --trail or --node?");
    }

    static bool IsIn(ArchiveScope scope, Trail trail) =>
        (scope.Trail ?? trail.Metadata.Name) == trail.Metadata.Name && (scope.Cluster ?? trail.Spec.ClusterName) == trail.Spec.ClusterName;
}
