using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes.Connecting;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Kubernetes.Client;

/// <summary><see cref="ICluster"/> through KubernetesClient.</summary>
/// <remarks>What it does itself, and why: docs/decisions/0013-the-kubernetes-library.md.</remarks>
public sealed class KubernetesCluster : ICluster, IDisposable
{
    // Not all watches of a cluster should restart at the same time.
    const int ShortestWatchSeconds = 280;
    const int LongestWatchSeconds = 300;
    // The server ends a watch itself; the client ends it a little later, in case the server's end is lost.
    const int WatchGraceSeconds = 10;
    const int MostReads = 3;

    readonly ClusterOptions options;
    readonly TimeProvider time;
    readonly k8s.Kubernetes client;
    readonly ObjectRequests objects;
    readonly ResourceDecoder decoder;

    public KubernetesCluster(
        ClusterConnection connection, ClusterOptions options, KubernetesMetrics metrics, TimeProvider time,
        ILogger<KubernetesCluster> logger)
    {
        (this.options, this.time) = (options, time);
        client = connection.CreateClient(options.UserAgent, new RetryHandler(options, time, logger));
        objects = new(client.CustomObjects, options);
        decoder = new(metrics, logger);
    }

    public async Task<T?> GetAsync<T>(ResourceType type, ObjectKey key, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            return Decode<T>(await objects.GetAsync(type, key, cancellationToken));
        }
        catch (KubernetesException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    public async Task<ResourcePage<T>> ListAsync<T>(
        ResourceType type, ListQuery query, Func<T, T?> keep, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ReadPageAsync(type, query, keep, cancellationToken);
            }
            // The answer broke off, or came too slowly. One that has not begun was sent again already.
            catch (IOException) when (attempt < MostReads && !cancellationToken.IsCancellationRequested)
            {
            }
            catch (JsonException e)
            {
                throw new InvalidDataException(
                    $"The answer to a request for {type.Plural} is not JSON, so it is not from an API server. "
                        + "Check the server's address.",
                    e);
            }
        }
    }

    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        ResourceType type, ListQuery query, string resourceVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var seconds = Random.Shared.Next(ShortestWatchSeconds, LongestWatchSeconds + 1);
        var range = $"watch=true&allowWatchBookmarks=true&timeoutSeconds={seconds}&resourceVersion={Uri.EscapeDataString(resourceVersion)}";
        using var response = await OpenAsync(type, query, range, AcceptOf<T>(""), RetryHandler.IsStream, cancellationToken);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds + WatchGraceSeconds), time);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);

        var lines = new WatchStream(body, limit.Token);
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (decoder.DecodeEvent<T>(type, line) is { } seen)
                yield return seen;
        }
    }

    public async Task<V1ObjectMeta> ApplyAsync(JsonResource desired, CancellationToken cancellationToken) =>
        Decode<PartialResource>(await objects.ApplyAsync(desired, ofStatus: false, cancellationToken)).Metadata;

    public async Task<V1ObjectMeta> ApplyStatusAsync(JsonResource desired, CancellationToken cancellationToken) =>
        Decode<PartialResource>(await objects.ApplyAsync(desired, ofStatus: true, cancellationToken)).Metadata;

    public async Task<T> SaveAsync<T>(ResourceType type, T resource, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var manifest = new JsonResource(type, (JsonObject)JsonSerializer.SerializeToNode(resource, KubernetesJson.Options)!).ToManifest();
        // A merge patch with a resource version is rejected if the object has changed since.
        return Decode<T>(resource.Metadata.ResourceVersion is null
            ? await objects.CreateAsync(type, resource.Key, manifest, cancellationToken)
            : await objects.MergeAsync(type, resource.Key, manifest, cancellationToken));
    }

    public async Task DeleteAsync(ResourceType type, ObjectKey key, string? uid, CancellationToken cancellationToken)
    {
        try
        {
            await objects.DeleteAsync(type, key, uid, cancellationToken);
        }
        catch (KubernetesException e) when (e.IsNotFound)
        {
        }
    }

    public void Dispose() => client.Dispose();

    async Task<ResourcePage<T>> ReadPageAsync<T>(
        ResourceType type, ListQuery query, Func<T, T?> keep, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var range = $"limit={query.Limit}{(query.Continue is { } token ? $"&continue={Uri.EscapeDataString(token)}" : "")}";
        using var response = await OpenAsync(type, query, range, AcceptOf<T>("List"), RetryHandler.IsPage, cancellationToken);
        using var limit = new CancellationTokenSource(options.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            return await decoder.DecodePageAsync(type, body, keep, either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException(
                $"The API server did not send a page of {type.Plural} within {options.RequestTimeout.TotalSeconds} s.", e);
        }
    }

    async Task<HttpResponseMessage> OpenAsync(
        ResourceType type, ListQuery query, string range, string accept, HttpRequestOptionsKey<bool> how,
        CancellationToken cancellationToken)
    {
        var path = $"{type.CollectionPath(query.Namespace)}?{range}";
        if (query.LabelSelector is { } labels)
            path += $"&labelSelector={Uri.EscapeDataString(labels)}";
        if (query.FieldSelector is { } fields)
            path += $"&fieldSelector={Uri.EscapeDataString(fields)}";
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(client.BaseUri, path)) { Version = HttpVersion.Version20 };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Options.Set(how, true);
        var response = await client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
        {
            throw Refusals.Of(response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
    }

    // Of what only the metadata is read, no more is sent.
    static string AcceptOf<T>(string list) => typeof(T) == typeof(PartialResource)
        ? $"application/json;as=PartialObjectMetadata{list};g=meta.k8s.io;v=v1,application/json"
        : "application/json";

    static T Decode<T>(JsonElement json) where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            return KubernetesJson.ReadResource<T>(json);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The API server's {typeof(T).Name} cannot be read: {e.Message}", e);
        }
    }
}
