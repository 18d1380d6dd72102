using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace ClusterTrail.Kubernetes.Client;

/// <summary>Requests for objects of any kind, as JSON in and out.</summary>
/// <remarks>
/// The library's untyped operations serve built-in kinds too. Its typed ones fail a whole list for one object that they cannot read, and
/// lose fields that their models do not know.
/// </remarks>
sealed class ObjectRequests(ICustomObjectsOperations objects, ClusterOptions options)
{
    public Task<JsonElement> GetAsync(ResourceType type, ObjectKey key, CancellationToken cancellationToken) =>
        SendAsync(type, key, () => type.Namespaced
        ? objects.GetNamespacedCustomObjectAsync<JsonElement>(
                type.Group, type.Version, key.Namespace, type.Plural, key.Name, cancellationToken)
        : objects.GetClusterCustomObjectAsync<JsonElement>(type.Group, type.Version, type.Plural, key.Name, cancellationToken));

    public Task<JsonElement> CreateAsync(ResourceType type, ObjectKey key, JsonObject manifest, CancellationToken cancellationToken) =>
        SendAsync(type, key, () => type.Namespaced
        ? objects.CreateNamespacedCustomObjectAsync<JsonElement>(
            manifest, type.Group, type.Version, key.Namespace, type.Plural, fieldManager: options.FieldManager,
                cancellationToken: cancellationToken)
        : objects.CreateClusterCustomObjectAsync<JsonElement>(
            manifest, type.Group, type.Version, type.Plural, fieldManager: options.FieldManager, cancellationToken: cancellationToken));

    public Task<JsonElement> MergeAsync(ResourceType type, ObjectKey key, JsonObject manifest, CancellationToken cancellationToken) =>
        PatchAsync(type, key, new(manifest, V1Patch.PatchType.MergePatch), force: null, cancellationToken);

    public Task<JsonElement> ApplyAsync(JsonResource desired, bool ofStatus, CancellationToken cancellationToken)
    {
        var patch = new V1Patch(desired.ToManifest(), V1Patch.PatchType.ApplyPatch);
        return ofStatus
            ? PatchStatusAsync(desired.Type, desired.Key, patch, cancellationToken)
            : PatchAsync(desired.Type, desired.Key, patch, options.Force, cancellationToken);
    }

    public Task<JsonElement> DeleteAsync(ResourceType type, ObjectKey key, string? uid, CancellationToken cancellationToken)
    {
        var how = new V1DeleteOptions { PropagationPolicy = "Background", Preconditions = uid is null ? null : new() { Uid = uid } };
        return SendAsync(type, key, () => type.Namespaced
            ? objects.DeleteNamespacedCustomObjectAsync<JsonElement>(
                type.Group, type.Version, key.Namespace, type.Plural, key.Name, how, cancellationToken: cancellationToken)
            : objects.DeleteClusterCustomObjectAsync<JsonElement>(
                type.Group, type.Version, type.Plural, key.Name, how, cancellationToken: cancellationToken));
    }

    Task<JsonElement> PatchAsync(ResourceType type, ObjectKey key, V1Patch patch, bool? force, CancellationToken cancellationToken) =>
        SendAsync(type, key, () => type.Namespaced
        ? objects.PatchNamespacedCustomObjectAsync<JsonElement>(
            patch, type.Group, type.Version, key.Namespace, type.Plural, key.Name, fieldManager: options.FieldManager, force: force,
            cancellationToken: cancellationToken)
        : objects.PatchClusterCustomObjectAsync<JsonElement>(
            patch, type.Group, type.Version, type.Plural, key.Name, fieldManager: options.FieldManager, force: force,
                cancellationToken: cancellationToken));

    Task<JsonElement> PatchStatusAsync(ResourceType type, ObjectKey key, V1Patch patch, CancellationToken cancellationToken) =>
        SendAsync(type, key, () => type.Namespaced
        ? objects.PatchNamespacedCustomObjectStatusAsync<JsonElement>(
            patch, type.Group, type.Version, key.Namespace, type.Plural, key.Name, fieldManager: options.FieldManager, force: options.Force,
            cancellationToken: cancellationToken)
        : objects.PatchClusterCustomObjectStatusAsync<JsonElement>(
            patch, type.Group, type.Version, type.Plural, key.Name, fieldManager: options.FieldManager, force: options.Force,
            cancellationToken: cancellationToken));

    static async Task<JsonElement> SendAsync(ResourceType type, ObjectKey? key, Func<Task<JsonElement>> send)
    {
        if (key is { } named)
            type.Check(named);
        try
        {
            return await send();
        }
        catch (HttpOperationException e)
        {
            throw Refusals.Of(e.Response.StatusCode, e.Response.Content);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                $"The answer to a request for {type.Plural} is not JSON, so it is not from an API server. Check the server's address.", e);
        }
    }
}
