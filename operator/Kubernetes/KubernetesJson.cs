using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ClusterTrail.Kubernetes;

/// <summary>How Kubernetes writes JSON: camel case, absent rather than null, times of whole seconds.</summary>
public static class KubernetesJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>A typed resource as what can be applied.</summary>
    public static JsonResource ToJson<T>(this T resource) where T : Resource, IResource<T> =>
        new(T.Definition, (JsonObject)JsonSerializer.SerializeToNode(resource, Options)!);

    /// <exception cref="JsonException">The object is not of this shape.</exception>
    public static T Read<T>(JsonElement json) => json.Deserialize<T>(Options) ?? throw new JsonException("The API server sent null for an object.");

    static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            // What stands in objects is compared and hashed elsewhere; escapes would only be noise.
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new TimeConverter(), new JsonStringEnumConverter() },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
