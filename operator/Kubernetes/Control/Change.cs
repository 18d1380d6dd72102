using k8s;
using k8s.Models;

namespace ClusterTrail.Kubernetes.Control;

/// <summary>An object before and after a change. Before is null if it is new, After if it was deleted.</summary>
public readonly record struct Change<T>(T? Before, T? After) where T : class, IKubernetesObject<V1ObjectMeta>
{
    public ObjectKey Key => (After ?? Before)!.Key;
}
