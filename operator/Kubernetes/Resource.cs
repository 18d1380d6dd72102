using k8s;
using k8s.Models;

namespace ClusterTrail.Kubernetes;

/// <summary>A Kubernetes object of which the library has no model, modelled as far as this product reads or writes it.</summary>
/// <remarks>Partial models are safe because no method of <see cref="ICluster"/> erases a field that it was not told of.</remarks>
public abstract record Resource : IKubernetesObject<V1ObjectMeta>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public required V1ObjectMeta Metadata { get; set; }

    // A generated one would print all that it holds.
    public sealed override string ToString() => $"{GetType().Name} {this.Key}";
}
