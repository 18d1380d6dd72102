using k8s;
using k8s.Models;

namespace ClusterTrail.Kubernetes;

/// <summary>Questions about any object.</summary>
public static class ResourceExtensions
{
    static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    extension(IKubernetesObject<V1ObjectMeta> resource)
    {
        public ObjectKey Key => new(resource.Metadata.NamespaceProperty, resource.Metadata.Name);

        /// <summary>Never null.</summary>
        public IReadOnlyDictionary<string, string> LabelMap => resource.Metadata.Labels?.AsReadOnly() ?? None;
    }
}
