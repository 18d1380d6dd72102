using k8s;
using k8s.Models;

namespace ClusterTrail.Kubernetes.Control;

/// <summary>An object as it was known before, and as it is known now. Nothing before: it is new. Nothing after: it is gone.</summary>
public readonly record struct Change<T>(T? Before, T? After) where T : class, IKubernetesObject<V1ObjectMeta>
{
    public ObjectKey Key => (After ?? Before)!.Key;
}
