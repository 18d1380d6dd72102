using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Kubernetes.Http;

/// <summary><see cref="ICluster"/> over HTTP.</summary>
/// <param name="http">What <see cref="Connecting.ClusterConnection.CreateClient"/> gives.</param>
public sealed class HttpCluster(HttpClient http, ClusterOptions options, KubernetesMetrics metrics, TimeProvider time, ILogger<HttpCluster> logger)
    : ICluster
{
    // Not all watches of a cluster should begin anew at the same time.
    const int ShortestWatchSeconds = 280;
    const int LongestWatchSeconds = 300;
    // The server ends a watch by itself; we give up on it a little later, in case its goodbye is lost.
    const int WatchGraceSeconds = 10;

    readonly RequestSender sender = new(http, options, time, logger);
    readonly ResourceDecoder decoder = new(metrics, logger);

    public async Task<T?> GetAsync<T>(ResourceType type, ObjectKey key, CancellationToken cancellationToken) where T : Resource
    {
        try
        {
            return Decode<T>(await sender.SendAsync(new(HttpMethod.Get, type.ObjectPath(key)), cancellationToken));
        }
        catch (KubernetesException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    public async Task<ResourcePage<T>> ListAsync<T>(ResourceType type, ListQuery query, CancellationToken cancellationToken) where T : Resource
    {
        var path = $"{Collection(type, query)}&limit={query.Limit}";
        if (query.Continue is { } token)
            path += $"&continue={Uri.EscapeDataString(token)}";
        return decoder.DecodePage<T>(type, await sender.SendAsync(new(HttpMethod.Get, path), cancellationToken));
    }

    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        ResourceType type, ListQuery query, string resourceVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : Resource
    {
        var seconds = Random.Shared.Next(ShortestWatchSeconds, LongestWatchSeconds + 1);
        var path = $"{Collection(type, query)}&watch=true&allowWatchBookmarks=true&timeoutSeconds={seconds}"
            + $"&resourceVersion={Uri.EscapeDataString(resourceVersion)}";
        using var response = await sender.OpenAsync(new(HttpMethod.Get, path), cancellationToken);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds + WatchGraceSeconds), time);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);

        var lines = new WatchStream(body, limit.Token);
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (decoder.DecodeEvent<T>(type, line) is { } seen)
                yield return seen;
        }
    }

    public Task<ObjectMeta> ApplyAsync(JsonResource desired, CancellationToken cancellationToken) =>
        ApplyAsync(desired, subresource: null, cancellationToken);

    public Task<ObjectMeta> ApplyStatusAsync(JsonResource desired, CancellationToken cancellationToken) =>
        ApplyAsync(desired, "status", cancellationToken);

    public async Task<T> SaveAsync<T>(ResourceType type, T resource, CancellationToken cancellationToken) where T : Resource
    {
        var manifest = new JsonResource(type, (JsonObject)JsonSerializer.SerializeToNode(resource, KubernetesJson.Options)!).ToManifest();
        // A merge patch that carries a resource version is refused if the object has moved on. Sent twice, the second would be refused by the first.
        var request = resource.Metadata.ResourceVersion is null
            ? new ApiRequest(HttpMethod.Post, type.CollectionPath(resource.Key.Namespace) + Manager(), IsRepeatable: false).With(manifest)
            : new ApiRequest(HttpMethod.Patch, type.ObjectPath(resource.Key) + Manager(), IsRepeatable: false).With(manifest, "application/merge-patch+json");
        return Decode<T>(await sender.SendAsync(request, cancellationToken));
    }

    public async Task DeleteAsync(ResourceType type, ObjectKey key, string? uid, CancellationToken cancellationToken)
    {
        var how = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions", ["propagationPolicy"] = "Background" };
        if (uid is not null)
            how["preconditions"] = new JsonObject { ["uid"] = uid };
        try
        {
            await sender.SendAsync(new ApiRequest(HttpMethod.Delete, type.ObjectPath(key)).With(how), cancellationToken);
        }
        catch (KubernetesException e) when (e.IsNotFound)
        {
        }
    }

    async Task<ObjectMeta> ApplyAsync(JsonResource desired, string? subresource, CancellationToken cancellationToken)
    {
        var path = desired.Type.ObjectPath(desired.Key, subresource) + Manager() + (options.Force ? "&force=true" : "&force=false");
        var request = new ApiRequest(HttpMethod.Patch, path).With(desired.ToManifest(), "application/apply-patch+yaml");
        return Decode<PartialResource>(await sender.SendAsync(request, cancellationToken)).Metadata;
    }

    string Manager() => $"?fieldManager={Uri.EscapeDataString(options.FieldManager)}";

    static T Decode<T>(JsonElement json) where T : Resource
    {
        try
        {
            return KubernetesJson.Read<T>(json);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The API server's {typeof(T).Name} cannot be read: {e.Message}", e);
        }
    }

    static string Collection(ResourceType type, ListQuery query)
    {
        var path = $"{type.CollectionPath(query.Namespace)}?";
        if (query.LabelSelector is { } labels)
            path += $"&labelSelector={Uri.EscapeDataString(labels)}";
        if (query.FieldSelector is { } fields)
            path += $"&fieldSelector={Uri.EscapeDataString(fields)}";
        return path;
    }
}
