using System.Text.Json.Serialization.Metadata;
using k8s.Models;

namespace ClusterTrail.Kubernetes;

/// <summary>Leaves out the fields that this product never reads, so that a copy of a cluster needs no memory for them.</summary>
/// <remarks>That is safe because no method of <see cref="ICluster"/> erases a field that it does not know.</remarks>
static class UnreadFields
{
    static readonly Dictionary<Type, string[]> Fields = new()
    {
        [typeof(V1ObjectMeta)] = ["managedFields"],
        [typeof(V1DaemonSet)] = ["spec"],
        [typeof(V1StatefulSet)] = ["spec"],
        [typeof(V1PodSpec)] = ["initContainers", "volumes"],
        [typeof(V1Container)] = ["env", "resources", "volumeMounts"],
        [typeof(V1NodeStatus)] = ["images"],
        [typeof(V1CustomResourceDefinition)] = ["spec"],
    };

    public static void Apply(JsonTypeInfo type)
    {
        if (!Fields.TryGetValue(type.Type, out var fields))
            return;
        foreach (var property in type.Properties.Where(property => fields.Contains(property.Name)).ToList())
            type.Properties.Remove(property);
    }
}
