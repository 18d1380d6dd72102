using k8s;
using k8s.Models;

namespace ClusterTrail.Kubernetes;

/// <summary>One change.</summary>
/// <param name="ResourceVersion">Where a later watch continues.</param>
/// <param name="Object">
/// Always there with Applied, never with Bookmark; with Deleted as it was at last, unless it could not be read.
/// </param>
public readonly record struct WatchEvent<T>(WatchEventType Type, string ResourceVersion, ObjectKey Key = default, T? Object = null)
    where T : class, IKubernetesObject<V1ObjectMeta>;
