using System.Text.Json.Serialization;

namespace ClusterTrail.Kubernetes;

/// <summary>A Kubernetes object, modelled only as far as this product reads or writes it.</summary>
/// <remarks>Partial models are safe because no method of <see cref="ICluster"/> erases a field that it was not told of.</remarks>
public abstract record Resource
{
    public required ObjectMeta Metadata { get; init; }

    [JsonIgnore]
    public ObjectKey Key => new(Metadata.Namespace, Metadata.Name);

    // A generated one would print Secrets.
    public sealed override string ToString() => $"{GetType().Name} {Key}";
}
