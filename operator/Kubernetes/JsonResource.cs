using System.Text.Json.Nodes;

namespace ClusterTrail.Kubernetes;

/// <summary>An object as JSON: what is applied.</summary>
/// <param name="Json">The fields we want to own. <c>apiVersion</c> and <c>kind</c> are added from the type.</param>
public sealed record JsonResource(ResourceType Type, JsonObject Json)
{
    /// <exception cref="ArgumentException">There is no <c>metadata.name</c>.</exception>
    public ObjectKey Key => new(
        Metadata("namespace"),
        Metadata("name") ?? throw new ArgumentException($"A {Type.Kind} to apply has no metadata.name."));

    // A generated one would print Secrets.
    public override string ToString() => $"{Type.Kind} {Key}";

    /// <summary>The whole object, as it is sent.</summary>
    internal JsonObject ToManifest()
    {
        var manifest = new JsonObject { ["apiVersion"] = Type.ApiVersion, ["kind"] = Type.Kind };
        foreach (var (name, value) in Json)
        {
            if (name is not ("apiVersion" or "kind"))
                manifest[name] = value?.DeepClone();
        }

        return manifest;
    }

    string? Metadata(string field) => Json["metadata"]?[field]?.GetValue<string>();
}
