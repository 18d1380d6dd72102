using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Cache;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;
using k8s;
using k8s.Models;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>Whose the objects are that have the names of a Trail's objects.</summary>
/// <remarks>
/// Guarantee: an object that is not this Trail's is neither changed nor deleted, whatever it is called and whatever labels it has.
/// Assumption: where there is none, nobody creates one between a look and the request that follows, which are milliseconds. One that
/// replaces an object of the Trail is never taken for it.
/// </remarks>
sealed class Ownership(ICluster cluster, ClusterCache cache)
{
    public static bool IsOf(IKubernetesObject<V1ObjectMeta> live, Trail trail) =>
        live.Metadata.OwnerReferences?.Any(owner => owner.Uid == trail.Metadata.Uid) == true;

    /// <summary>Why an object cannot be made; null if the name is free, or the object this Trail's.</summary>
    public async Task<Rejection?> ProblemAsync(JsonResource desired, Trail trail, CancellationToken cancellationToken)
    {
        var live = await FindAsync(desired, cancellationToken);
        return live is null || IsOf(live, trail) ? null : Taken(desired.Type.Kind, desired.Key, live);
    }

    public static Rejection Taken(string kind, ObjectKey key, IKubernetesObject<V1ObjectMeta> live) => new(
        "NameTaken",
        $"{kind} {key} exists and is not this Trail's: {Owner(live)}. The operator leaves it as it is. Delete it, or give it or the Trail "
            + "another name.");

    /// <summary>The object as it is in the copy of the cluster, or in the cluster, if the copy does not have it (yet).</summary>
    public async Task<IKubernetesObject<V1ObjectMeta>?> FindAsync(JsonResource named, CancellationToken cancellationToken) =>
        InCopy(named) ?? await cluster.GetAsync<PartialResource>(named.Type, named.Key, cancellationToken);

    public IKubernetesObject<V1ObjectMeta>? InCopy(JsonResource named) => named.Type.Plural switch
    {
        "configmaps" => cache.ConfigMaps.Find(named.Key),
        "statefulsets" => cache.StatefulSets.Find(named.Key),
        "daemonsets" => cache.DaemonSets.Find(named.Key),
        "serviceaccounts" => cache.ServiceAccounts.Find(named.Key),
        "networkpolicies" => cache.NetworkPolicies.Find(named.Key),
        _ => null,
    };

    static string Owner(IKubernetesObject<V1ObjectMeta> live) => live.Metadata.OwnerReferences is [{ } first, ..]
        ? $"its owner is {first.Kind} {first.Name}, uid {first.Uid}"
        : "it has no owner";
}
