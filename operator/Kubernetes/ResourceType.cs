namespace ClusterTrail.Kubernetes;

/// <summary>Names one kind of object, and so its place in the API server's URLs.</summary>
/// <param name="Group">Empty for the core group.</param>
/// <param name="Plural">As in URLs: <c>daemonsets</c>.</param>
public sealed record ResourceType(string Group, string Version, string Kind, string Plural, bool Namespaced = true)
{
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The URL of the collection, such as <c>apis/apps/v1/namespaces/default/daemonsets</c>.</summary>
    public string CollectionPath(string? @namespace)
    {
        var root = Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";
        return Namespaced && @namespace is not null ? $"{root}/namespaces/{Uri.EscapeDataString(@namespace)}/{Plural}" : $"{root}/{Plural}";
    }

    /// <summary>The URL of one object, or of one of its subresources.</summary>
    /// <exception cref="ArgumentException">The key does not fit: its URL would be that of something else.</exception>
    public string ObjectPath(ObjectKey key, string? subresource = null)
    {
        if (key.Name is not { Length: > 0 } || Namespaced != key.Namespace is { Length: > 0 })
            throw new ArgumentException($"A {Kind} needs a name and {(Namespaced ? "a" : "no")} namespace, but this one is '{key}'.", nameof(key));
        var path = $"{CollectionPath(key.Namespace)}/{Uri.EscapeDataString(key.Name)}";
        return subresource is null ? path : $"{path}/{subresource}";
    }

    public override string ToString() => $"{Kind}.{ApiVersion}";
}
