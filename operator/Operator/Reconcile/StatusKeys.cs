using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Cache;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Manifests;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>The Secrets with the keys that agents sign with. The operator creates them, and never changes or deletes one.</summary>
sealed class StatusKeys(ICluster cluster, ClusterCache cache, OperatorOptions options)
{
    /// <summary>Creates the Trail's key if it has none.</summary>
    /// <returns>Why it cannot have one; null if it has.</returns>
    public async Task<Rejection?> EnsureAsync(Trail trail, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(options.Namespace, new AgentNames(trail.Metadata.Name).StatusKey);
        if (cache.Secrets.Find(key) is { } secret)
        {
            if (!Ownership.IsOf(secret, trail))
                return Ownership.Taken("Secret", key, secret);
            return StatusKeySecret.IsKey(secret, StatusKeySecret.Key) ? null : new(
                "InvalidStatusKey",
                $"Secret {key} does not have what the operator wrote there, {StatusKeySecret.Bytes} bytes under {StatusKeySecret.Key}. "
                    + "Delete it, and the operator creates another.");
        }

        try
        {
            await cluster.SaveAsync(StatusKeySecret.Build(trail, options.Namespace), cancellationToken);
        }
        catch (KubernetesException e) when (e.IsConflict)
        {
            // Our copy does not show it yet, or another's: it is looked at when it does.
        }

        return null;
    }
}
