using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using k8s;
using k8s.Models;

namespace ClusterTrail.Kubernetes;

/// <summary>How Kubernetes writes JSON: camel case, absent rather than null, times as their field requires.</summary>
public static class KubernetesJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>A typed resource as what can be applied.</summary>
    public static JsonResource ToJson<T>(this T resource) where T : IKubernetesObject<V1ObjectMeta> =>
        new(ResourceType.Of<T>(), (JsonObject)JsonSerializer.SerializeToNode(resource, Options)!);

    /// <exception cref="JsonException">The object is not of this shape.</exception>
    public static T Read<T>(JsonElement json) =>
        json.Deserialize<T>(Options) ?? throw new JsonException("The API server sent null for an object.");

    /// <summary>An object, whatever its kind.</summary>
    /// <exception cref="JsonException">It is not of this shape, or has no name, which the library's models do not require.</exception>
    public static T ReadResource<T>(JsonElement json) where T : IKubernetesObject<V1ObjectMeta> =>
        Read<T>(json) is { Metadata.Name: { Length: > 0 } } resource ? resource : throw new JsonException("It has no metadata.name.");

    static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            // What stands in objects is compared and hashed elsewhere; escapes would only be noise.
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new TimeConverter(), new TimeOffsetConverter(), new JsonStringEnumConverter() },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver().WithAddedModifier(MicroTimes.Apply).WithAddedModifier(UnreadFields.Apply),
        };
        options.MakeReadOnly();
        return options;
    }
}
