using ClusterTrail.History.Reading;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Kubectl.Webhook;

/// <summary>A Secret that the operator makes for what API servers call.</summary>
static class ReceiverSecret
{
    /// <exception cref="TrailException">It is not there.</exception>
    internal static async Task<V1Secret> FindAsync(Trail trail, ObjectKey key, Func<ObjectKey, Task<V1Secret?>> find) =>
        await find(key) ?? throw new TrailException(
            ExitCode.Unreadable,
            $"Secret {key} does not exist: the operator makes it when the Trail is valid (kubectl trail status {trail.Metadata.Name}); "
                + "name the operator's namespace with --namespace");

    /// <summary>In base64.</summary>
    /// <exception cref="TrailException">It has no such key.</exception>
    internal static string Value(V1Secret secret, string key) => Convert.ToBase64String(Bytes(secret, key));

    /// <exception cref="TrailException">It has no such key.</exception>
    internal static byte[] Bytes(V1Secret secret, string key) => secret.Data?.TryGetValue(key, out var value) == true
        ? value : throw new TrailException(ExitCode.Unreadable, $"Secret {secret.Metadata.Name} has no {key}");
}
