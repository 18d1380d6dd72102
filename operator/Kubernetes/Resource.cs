using k8s;
using k8s.Models;

namespace ClusterTrail.Kubernetes;

/// <summary>A Kubernetes object that the library has no model of; the model has the fields that this product reads or writes.</summary>
/// <remarks>Partial models are safe because no method of <see cref="ICluster"/> erases a field that it does not know.</remarks>
public abstract record Resource : IKubernetesObject<V1ObjectMeta>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public required V1ObjectMeta Metadata { get; set; }

    // A generated one would print all that it holds.
    public sealed override string ToString() => $"{GetType().Name} {this.Key}";
}
