using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>
/// Keeps a deleted Trail until its agents have delivered what they hold. Of the user's object, it is the only field we own.
/// </summary>
static class Finalizer
{
    public const string Name = "clustertrail.io/deliver";

    public static bool IsOn(Trail trail) => trail.Metadata.Finalizers?.Contains(Name) == true;

    public static Task AddAsync(ICluster cluster, Trail trail, CancellationToken cancellationToken) =>
        SetAsync(cluster, trail, [Name], cancellationToken);

    public static Task RemoveAsync(ICluster cluster, Trail trail, CancellationToken cancellationToken) =>
        SetAsync(cluster, trail, [], cancellationToken);

    // With the uid, as a Trail of the same name that was made meanwhile is another one.
    static Task<V1ObjectMeta> SetAsync(ICluster cluster, Trail trail, JsonArray finalizers, CancellationToken cancellationToken)
    {
        var metadata = new JsonObject { ["name"] = trail.Metadata.Name, ["uid"] = trail.Metadata.Uid, ["finalizers"] = finalizers };
        return cluster.ApplyAsync(new(ResourceType.Of<Trail>(), new() { ["metadata"] = metadata }), cancellationToken);
    }
}
