using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>Applies objects, and knows what need not be applied again.</summary>
/// <remarks>
/// Guarantee: an object that was changed or deleted by others is applied again; one that is as it was applied costs no request.
/// </remarks>
sealed partial class AppliedObjects(ICluster cluster, Ownership ownership, TimeProvider time, ILogger<AppliedObjects> logger)
{
    // How long our copy may take to show what we applied.
    static readonly TimeSpan CopyDelay = TimeSpan.FromSeconds(2);

    // Kinds that are not watched are applied again after this, in case others changed them.
    static readonly TimeSpan Unwatched = TimeSpan.FromMinutes(10);

    readonly ConcurrentDictionary<(string Plural, ObjectKey Key), Applied> applied = new();

    /// <returns>Whether the cache shows the object as it should be; otherwise look again later.</returns>
    public async Task<bool> ApplyAsync(JsonResource desired, CancellationToken cancellationToken)
    {
        var place = (desired.Type.Plural, desired.Key);
        var hash = Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(desired.Json)));
        if (applied.TryGetValue(place, out var before) && before.Hash == hash)
        {
            var age = time.GetUtcNow() - before.At;
            if (!IsWatched(desired.Type) ? age < Unwatched : IsAsMade(desired, before))
                return true;
            // It was changed, or our copy is behind.
            if (IsWatched(desired.Type) && age < CopyDelay)
                return false;
        }

        var metadata = await cluster.ApplyAsync(OnlyInPlaceOf(Live(desired), desired), cancellationToken);
        LogApplied(desired.Type.Kind, desired.Key, Why(desired, before, hash));
        applied[place] = new(hash, Marker(metadata), time.GetUtcNow());
        return IsWatched(desired.Type) is false || IsAsMade(desired, applied[place]);
    }

    /// <summary>Whether the object need not be looked at before it is applied.</summary>
    /// <remarks>This operator has made it, and sees it as it made it.</remarks>
    public bool IsKnown(JsonResource desired) =>
        applied.TryGetValue((desired.Type.Plural, desired.Key), out var before) && (!IsWatched(desired.Type) || IsAsMade(desired, before));

    /// <summary>Deletes what was made for a Trail, if it exists.</summary>
    public async Task DeleteAsync(JsonResource made, Trail trail, CancellationToken cancellationToken)
    {
        applied.TryRemove((made.Type.Plural, made.Key), out _);
        if (await ownership.FindAsync(made, cancellationToken) is not { } live || !Ownership.IsOf(live, trail))
            return;
        try
        {
            await cluster.DeleteAsync(made.Type, made.Key, live.Metadata.Uid, cancellationToken);
            LogDeleted(made.Type.Kind, made.Key);
        }
        catch (Kubernetes.KubernetesException e) when (e.IsConflict)
        {
            // Meanwhile it is another one.
        }
    }

    // Another's may have taken its place, which the copy does not show yet: then the API server refuses.
    static JsonResource OnlyInPlaceOf(IKubernetesObject<V1ObjectMeta>? live, JsonResource desired)
    {
        if (live is null)
            return desired;
        var json = (JsonObject)desired.Json.DeepClone();
        json["metadata"]!["uid"] = live.Metadata.Uid;
        return desired with { Json = json };
    }

    string Why(JsonResource desired, Applied? before, string hash) => before switch
    {
        _ when IsWatched(desired.Type) && Live(desired) is null => "it did not exist",
        null => "this operator has not applied it before",
        _ when before.Hash != hash => "its desired content changed",
        _ => IsWatched(desired.Type) ? "another client changed it" : "the operator does not watch this kind",
    };

    // A generation moves with the spec only; kinds without one change as a whole.
    static string? Marker(V1ObjectMeta metadata) =>
        metadata.Generation is { } generation ? $"{metadata.Uid}/{generation}" : metadata.ResourceVersion;

    static bool IsWatched(ResourceType type) =>
        type.Plural is "configmaps" or "daemonsets" or "statefulsets" or "serviceaccounts" or "networkpolicies";

    bool IsAsMade(JsonResource desired, Applied made) => Live(desired) is { } live && Marker(live.Metadata) == made.Made;

    IKubernetesObject<V1ObjectMeta>? Live(JsonResource desired) => ownership.InCopy(desired);

    /// <param name="Made">The object's version that we made.</param>
    sealed record Applied(string Hash, string? Made, DateTimeOffset At);

    [LoggerMessage(LogLevel.Information, "Applied {Kind} {Object}: {Reason}.")]
    partial void LogApplied(string kind, ObjectKey @object, string reason);

    [LoggerMessage(LogLevel.Information, "Deleted {Kind} {Object}.")]
    partial void LogDeleted(string kind, ObjectKey @object);
}
