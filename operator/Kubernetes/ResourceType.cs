using System.Reflection;
using k8s.Models;

namespace ClusterTrail.Kubernetes;

/// <summary>Names one kind of object, and so its place in the API server's URLs.</summary>
/// <param name="Group">Empty for the core group.</param>
/// <param name="Plural">As in URLs: <c>daemonsets</c>.</param>
public sealed record ResourceType(string Group, string Version, string Kind, string Plural, bool Namespaced = true)
{
    static readonly Type[] ClusterScoped = [typeof(V1Namespace), typeof(V1Node), typeof(V1CustomResourceDefinition)];

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The kind that a model is of.</summary>
    public static ResourceType Of<T>() => Model<T>.Type;

    /// <summary>The URL of the collection, such as <c>apis/apps/v1/namespaces/default/daemonsets</c>.</summary>
    public string CollectionPath(string? @namespace)
    {
        var root = Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";
        return Namespaced && @namespace is not null ? $"{root}/namespaces/{Uri.EscapeDataString(@namespace)}/{Plural}" : $"{root}/{Plural}";
    }

    /// <exception cref="ArgumentException">The key does not fit: its URL would be that of something else.</exception>
    public void Check(ObjectKey key)
    {
        if (key.Name is not { Length: > 0 } || Namespaced != key.Namespace is { Length: > 0 })
        {
            throw new ArgumentException(
                $"A {Kind} needs a name and {(Namespaced ? "a" : "no")} namespace, but this one is '{key}'.", nameof(key));
        }
    }

    public override string ToString() => $"{Kind}.{ApiVersion}";

    static class Model<T>
    {
        public static ResourceType Type { get; } = Read(typeof(T));
    }

    static ResourceType Read(Type model)
    {
        var entity = model.GetCustomAttribute<KubernetesEntityAttribute>()
            ?? throw new ArgumentException($"{model.Name} has no KubernetesEntity attribute.");
        var isClusterScoped = ClusterScoped.Contains(model) || model.IsDefined(typeof(ClusterScopedAttribute));
        return new(entity.Group, entity.ApiVersion, entity.Kind, entity.PluralName, !isClusterScoped);
    }
}
