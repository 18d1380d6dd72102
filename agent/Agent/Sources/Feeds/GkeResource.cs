using System.Text.Json;

namespace ClusterTrail.Agent.Sources.Feeds;

/// <summary>A <c>resourceName</c> of GKE's audit logs, such as <c>core/v1/namespaces/NAMESPACE/pods/NAME/exec</c>.</summary>
/// <param name="Uri">The path of the request, as far as the name has it.</param>
/// <param name="Resource">Null of what is no resource, such as <c>healthz</c>.</param>
sealed record GkeResource(string Uri, string? Resource)
{
    const string Core = "core";

    public string Group { get; private init; } = "";

    public string Version { get; private init; } = "";

    public string? Namespace { get; private init; }

    public string? Name { get; private init; }

    public string? Subresource { get; private init; }

    public static GkeResource Parse(string name)
    {
        var parts = name.Split('/');
        if (parts.Length < 3 || parts[1].Length < 2 || parts[1][0] != 'v' || !char.IsAsciiDigit(parts[1][1]))
            return new($"/{name}", null);
        var (group, version) = (parts[0] == Core ? "" : parts[0], parts[1]);
        var path = string.Join('/', parts[2..]);
        var uri = group.Length == 0 ? $"/api/{version}/{path}" : $"/apis/{group}/{version}/{path}";
        // As kube-apiserver reads it: a namespace is itself an object in itself.
        var isNamespaced = parts[2] == "namespaces" && parts.Length > 4 && parts[4] is not ("status" or "finalize");
        var rest = isNamespaced ? parts[4..] : parts[2..];
        return new(uri, rest[0])
        {
            Group = group,
            Version = version,
            Namespace = isNamespaced || parts[2] == "namespaces" ? parts.ElementAtOrDefault(3) : null,
            Name = rest.ElementAtOrDefault(1),
            // What is behind it is a path that is proxied.
            Subresource = rest.ElementAtOrDefault(2),
        };
    }

    public void WriteObjectRef(Utf8JsonWriter json)
    {
        if (Resource is null)
            return;
        json.WriteStartObject("objectRef");
        json.WriteString("resource", Resource);
        foreach (var (name, value) in new[]
            {
                ("namespace", Namespace), ("name", Name), ("apiGroup", Group), ("apiVersion", Version), ("subresource", Subresource),
            })
        {
            if (!string.IsNullOrEmpty(value))
                json.WriteString(name, value);
        }

        json.WriteEndObject();
    }
}
