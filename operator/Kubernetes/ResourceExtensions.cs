using k8s;
using k8s.Models;

namespace ClusterTrail.Kubernetes;

/// <summary>What is asked of every object.</summary>
public static class ResourceExtensions
{
    static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    extension(IKubernetesObject<V1ObjectMeta> resource)
    {
        public ObjectKey Key => new(resource.Metadata.NamespaceProperty, resource.Metadata.Name);

        /// <summary>Never null.</summary>
        public IReadOnlyDictionary<string, string> LabelMap => resource.Metadata.Labels?.AsReadOnly() ?? None;
    }

    /// <summary>A reference that makes an object go when its owner goes.</summary>
    public static V1OwnerReference ToOwnerReference<T>(this T owner) where T : IKubernetesObject<V1ObjectMeta> => new()
    {
        ApiVersion = ResourceType.Of<T>().ApiVersion,
        Kind = ResourceType.Of<T>().Kind,
        Name = owner.Metadata.Name,
        Uid = owner.Metadata.Uid ?? throw new ArgumentException($"{owner.Key} has no uid, so it was not read from the cluster.", nameof(owner)),
        Controller = true,
        BlockOwnerDeletion = true,
    };
}
