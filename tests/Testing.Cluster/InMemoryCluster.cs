using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Testing;

/// <summary>A cluster in memory that does to its clients what an API server does. ClusterContract holds both to the same tests.</summary>
/// <remarks>Caveats: lists have one owner as a whole; no schema is checked, any kind may be written, namespaces need not exist.</remarks>
public sealed class InMemoryCluster : ICluster
{
    // The server fills them; nobody owns them.
    static readonly string[] NotApplied =
    [
        "name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "managedFields",
    ];

    readonly ClusterStore store;
    readonly string fieldManager;
    readonly bool force;

    public InMemoryCluster(TimeProvider? time = null)
        : this(new ClusterStore(time ?? TimeProvider.System), "test", force: true)
    {
    }

    InMemoryCluster(ClusterStore store, string fieldManager, bool force) =>
        (this.store, this.fieldManager, this.force) = (store, fieldManager, force);

    /// <summary>Asked before every call of this client: the exception it fails with, if it shall fail.</summary>
    public Func<ClusterCall, Exception?>? Fault { get; set; }

    /// <summary>Another client of the same cluster.</summary>
    public InMemoryCluster As(string manager, bool forces = true) => new(store, manager, forces);

    /// <summary>Ends all watches, as the server does every few minutes.</summary>
    public void EndWatches() => store.EndWatches();

    /// <summary>Tells all watches how far they are.</summary>
    public void Bookmark() => store.Bookmark();

    /// <summary>Forgets the history: an older resource version is gone then, and so is the next page of a list.</summary>
    public void Compact() => store.Compact();

    public Task<T?> GetAsync<T>(ResourceType type, ObjectKey key, CancellationToken cancellationToken)
        where T : class, k8s.IKubernetesObject<V1ObjectMeta> => Answer("get", type, key, () =>
        store.Find(type, key) is { } stored ? Read<T>(stored) : null, cancellationToken);

    public Task<ResourcePage<T>> ListAsync<T>(ResourceType type, ListQuery query, Func<T, T?> keep, CancellationToken cancellationToken)
        where T : class, k8s.IKubernetesObject<V1ObjectMeta> => Answer("list", type, key: null, () =>
    {
        var (all, version, next) = store.List(type, query);
        var read = all.Select(stored => (stored.Key, Item: TryRead<T>(stored))).ToList();
        return new ResourcePage<T>(
            [.. read.Select(one => one.Item).OfType<T>().Select(keep).OfType<T>()],
            version.ToString(CultureInfo.InvariantCulture),
            next)
        {
            Undecodable = [.. read.Where(one => one.Item is null).Select(one => one.Key)],
        };
    }, cancellationToken);

    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        ResourceType type, ListQuery query, string resourceVersion, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, k8s.IKubernetesObject<V1ObjectMeta>
    {
        var watch = await Answer("watch", type, key: null, () => store.Watch(resourceVersion), cancellationToken);
        try
        {
            await foreach (var change in watch.Reader.ReadAllAsync(cancellationToken))
            {
                if (ToEvent<T>(type, query, change) is { } seen)
                    yield return seen;
            }
        }
        finally
        {
            store.Forget(watch);
        }
    }

    public Task<V1ObjectMeta> ApplyAsync(JsonResource desired, CancellationToken cancellationToken) => Answer("apply", desired.Type, desired.Key, () =>
    {
        var wanted = WithoutStatus(desired.Type, desired.ToManifest());
        var owner = new FieldOwner(fieldManager, Applies: true, OfStatus: false);
        var after = store.Write(desired.Type, desired.Key, live =>
        {
            CheckVersion(desired.ToManifest(), live);
            return ServerSideApply.Apply(live ?? Empty(desired.Type, desired.Key), Applicable(wanted), owner, force);
        });
        return Read<PartialResource>(after).Metadata;
    }, cancellationToken);

    public Task<V1ObjectMeta> ApplyStatusAsync(JsonResource desired, CancellationToken cancellationToken) => Answer("apply status", desired.Type, desired.Key, () =>
    {
        var wanted = new JsonObject { ["status"] = desired.Json["status"]?.DeepClone() };
        var owner = new FieldOwner(fieldManager, Applies: true, OfStatus: true);
        var after = store.Write(desired.Type, desired.Key, live =>
        {
            if (live is null || !desired.Type.HasStatus())
                throw Refusal.NotFound(desired.Type, desired.Key);
            CheckVersion(desired.ToManifest(), live);
            return ServerSideApply.Apply(live, wanted, owner, force);
        });
        return Read<PartialResource>(after).Metadata;
    }, cancellationToken);

    public Task<T> SaveAsync<T>(ResourceType type, T resource, CancellationToken cancellationToken)
        where T : class, k8s.IKubernetesObject<V1ObjectMeta> => Answer("save", type, resource.Key, () =>
    {
        var json = new JsonResource(type, (JsonObject)JsonSerializer.SerializeToNode(resource, KubernetesJson.Options)!).ToManifest();
        var patch = WithoutStatus(type, json);
        var owner = new FieldOwner(fieldManager, Applies: false, OfStatus: false);
        var after = store.Write(type, resource.Key, live =>
        {
            if (live is null != resource.Metadata.ResourceVersion is null)
                throw live is null ? Refusal.NotFound(type, resource.Key) : Refusal.AlreadyExists(type, resource.Key);
            CheckVersion(json, live);
            var before = live ?? Empty(type, resource.Key);
            return ServerSideApply.Own(before, before with { Json = MergePatch.Merge(before.Json, patch) }, owner);
        });
        return Read<T>(after);
    }, cancellationToken);

    public Task DeleteAsync(ResourceType type, ObjectKey key, string? uid, CancellationToken cancellationToken) => Answer("delete", type, key, () =>
    {
        if (store.Find(type, key) is not null)
            store.Delete(type, key, uid);
        return true;
    }, cancellationToken);

    async Task<TResult> Answer<TResult>(
        string verb, ResourceType type, ObjectKey? key, Func<TResult> answer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (key is { } some)
            type.Check(some);
        if (Fault?.Invoke(new(verb, type, key)) is { } fault)
            throw fault;
        await Task.CompletedTask;
        return answer();
    }

    static WatchEvent<T>? ToEvent<T>(ResourceType type, ListQuery query, StoredChange change)
        where T : class, k8s.IKubernetesObject<V1ObjectMeta>
    {
        var version = change.Version.ToString(CultureInfo.InvariantCulture);
        if (change is { Before: null, After: null })
            return new(WatchEventType.Bookmark, version);
        if (query.Matches(type, change.After))
            return TryRead<T>(change.After!) is { } item
                ? new(WatchEventType.Applied, version, change.After!.Key, item)
                : new WatchEvent<T>(WatchEventType.Bookmark, version);
        return query.Matches(type, change.Before)
            ? new(WatchEventType.Deleted, version, change.Before!.Key, TryRead<T>(change.Before))
            : null;
    }

    static StoredObject Empty(ResourceType type, ObjectKey key)
    {
        var metadata = new JsonObject { ["name"] = key.Name };
        if (key.Namespace is not null)
            metadata["namespace"] = key.Namespace;
        return new(
            type, key, new() { ["apiVersion"] = type.ApiVersion, ["kind"] = type.Kind, ["metadata"] = metadata }, new Dictionary<FieldOwner,
            HashSet<string>>());
    }

    static JsonObject Applicable(JsonObject manifest)
    {
        manifest.Remove("apiVersion");
        manifest.Remove("kind");
        if (manifest["metadata"] is JsonObject metadata)
        {
            foreach (var field in NotApplied)
                metadata.Remove(field);
            if (metadata.Count == 0)
                manifest.Remove("metadata");
        }

        return manifest;
    }

    static JsonObject WithoutStatus(ResourceType type, JsonObject manifest)
    {
        var rest = (JsonObject)manifest.DeepClone();
        if (type.HasStatus())
            rest.Remove("status");
        return rest;
    }

    static void CheckVersion(JsonObject manifest, StoredObject? live)
    {
        if (manifest["metadata"]?["resourceVersion"]?.GetValue<string>() is { } expected && expected != live?.Version)
            throw Refusal.Conflict("the object has been modified; please apply your changes to the latest version and try again");
        if (manifest["metadata"]?["uid"]?.GetValue<string>() is { } uid && uid != live?.Json["metadata"]?["uid"]?.GetValue<string>())
            throw Refusal.Conflict($"uid mismatch: the provided object specified uid {uid}");
    }

    static T Read<T>(StoredObject stored) where T : class, k8s.IKubernetesObject<V1ObjectMeta> =>
        KubernetesJson.ReadResource<T>(JsonSerializer.SerializeToElement(stored.Json));

    static T? TryRead<T>(StoredObject stored) where T : class, k8s.IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            return Read<T>(stored);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
