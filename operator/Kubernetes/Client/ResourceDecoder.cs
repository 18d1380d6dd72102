using System.Text.Json;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Kubernetes.Client;

/// <summary>Decodes objects, and skips those that it cannot decode: one invalid object must not hide all others.</summary>
sealed partial class ResourceDecoder(KubernetesMetrics metrics, ILogger logger)
{
    /// <summary>Reads a page and keeps of each object what the caller wants, before it reads the next.</summary>
    public async Task<ResourcePage<T>> DecodePageAsync<T>(
        ResourceType type, Stream body, Func<T, T?> keep, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var items = new List<T>();
        var undecodable = new List<ObjectKey>();
        var list = new ListStream(body, Take);
        await list.ReadAsync(cancellationToken);
        var metadata = list.Metadata is { } json
            ? KubernetesJson.Read<ListMetadata>(json)
            : throw new JsonException("A list has no metadata.");
        return new(items, metadata.ResourceVersion ?? "", metadata.Continue is "" ? null : metadata.Continue)
        {
            Undecodable = undecodable,
            Bytes = list.Bytes,
        };

        void Take(JsonElement item)
        {
            if (TryDecode<T>(type, item) is { } decoded)
            {
                if (keep(decoded) is { } kept)
                    items.Add(kept);
            }
            else if (TryReadIdentity(item) is { } identity)
            {
                undecodable.Add(identity.Key);
            }
        }
    }

    /// <returns>Nothing if the line says nothing that can be used.</returns>
    /// <exception cref="KubernetesException">The line says that the watch has failed.</exception>
    public WatchEvent<T>? DecodeEvent<T>(ResourceType type, byte[] line) where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (TryParse(type, line) is not { } watched)
            return null;
        if (watched.Type == "ERROR")
            throw new KubernetesException(KubernetesJson.Read<V1Status>(watched.Object));
        if (TryReadIdentity(watched.Object) is not var (key, version))
        {
            Skip(type, $"a {watched.Type} event has no metadata");
            return null;
        }

        return watched.Type switch
        {
            // What cannot be read still moves the watch on.
            "ADDED" or "MODIFIED" => TryDecode<T>(type, watched.Object) is { } item
                ? new(WatchEventType.Applied, version, key, item)
                : new(WatchEventType.Bookmark, version),
            "DELETED" => new(WatchEventType.Deleted, version, key, TryDecode<T>(type, watched.Object)),
            "BOOKMARK" => new(WatchEventType.Bookmark, version),
            _ => null,
        };
    }

    T? TryDecode<T>(ResourceType type, JsonElement json) where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            return KubernetesJson.ReadResource<T>(json);
        }
        catch (JsonException e)
        {
            Skip(type, $"{TryReadIdentity(json)?.Key}: {e.Message}");
            return null;
        }
    }

    WatchedObject? TryParse(ResourceType type, byte[] line)
    {
        try
        {
            return JsonSerializer.Deserialize<WatchedObject>(line, KubernetesJson.Options);
        }
        catch (JsonException e)
        {
            Skip(type, e.Message);
            return null;
        }
    }

    // A bookmark has no name.
    static (ObjectKey Key, string ResourceVersion)? TryReadIdentity(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("metadata", out var metadata)
            && metadata.ValueKind == JsonValueKind.Object
            && TryReadString(metadata, "resourceVersion") is { } version
            ? (new(TryReadString(metadata, "namespace"), TryReadString(metadata, "name") ?? ""), version)
            : null;

    static string? TryReadString(JsonElement json, string property) =>
        json.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    void Skip(ResourceType type, string reason)
    {
        metrics.Undecodable(type);
        LogUndecodable(type.Kind, reason);
    }

    [LoggerMessage(LogLevel.Error, "A {Kind} cannot be read and is skipped: {Reason}")]
    partial void LogUndecodable(string kind, string reason);

    sealed record ListMetadata(string? ResourceVersion = null, string? Continue = null);

    sealed record WatchedObject(string Type, JsonElement Object);
}
