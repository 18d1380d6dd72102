using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Watching;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>Applies objects, and knows what need not be applied again.</summary>
/// <remarks>Guarantee: an object that somebody else changed or deleted is applied again; one that is as it was applied costs no request.</remarks>
sealed class AppliedObjects(ICluster cluster, KnownCluster known, TimeProvider time)
{
    // Kinds that we do not watch are applied again after this, in case somebody changed them.
    static readonly TimeSpan Unwatched = TimeSpan.FromMinutes(10);

    readonly ConcurrentDictionary<(string Plural, ObjectKey Key), Applied> applied = new();

    public async Task ApplyAsync(JsonResource desired, CancellationToken cancellationToken)
    {
        var place = (desired.Type.Plural, desired.Key);
        var hash = Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(desired.Json)));
        var live = Live(desired);
        if (applied.TryGetValue(place, out var before) && before.Hash == hash && before.IsStillSo(live, time.GetUtcNow()))
            return;
        var metadata = await cluster.ApplyAsync(desired, cancellationToken);
        applied[place] = new(hash, Marker(metadata), live is { Metadata: { } seen } ? Marker(seen) : null, IsWatched(desired.Type), time.GetUtcNow());
    }

    /// <summary>Deletes what was made, if it is there.</summary>
    public async Task DeleteAsync(JsonResource made, CancellationToken cancellationToken)
    {
        await cluster.DeleteAsync(made.Type, made.Key, cancellationToken);
        applied.TryRemove((made.Type.Plural, made.Key), out _);
    }

    // A generation moves with the spec only; kinds without one change as a whole.
    static string? Marker(ObjectMeta metadata) => metadata.Generation is { } generation ? $"{metadata.Uid}/{generation}" : metadata.ResourceVersion;

    bool IsWatched(ResourceType type) => type.Plural is "configmaps" or "daemonsets" or "serviceaccounts" or "networkpolicies";

    Resource? Live(JsonResource desired) => desired.Type.Plural switch
    {
        "configmaps" => known.ConfigMaps.Find(desired.Key),
        "daemonsets" => known.DaemonSets.Find(desired.Key),
        "serviceaccounts" => known.ServiceAccounts.Find(desired.Key),
        "networkpolicies" => known.NetworkPolicies.Find(desired.Key),
        _ => null,
    };

    /// <param name="After">The object's version that we made.</param>
    /// <param name="Before">The version that our copy still showed then; it may show it a little longer.</param>
    sealed record Applied(string Hash, string? After, string? Before, bool IsWatched, DateTimeOffset At)
    {
        public bool IsStillSo(Resource? live, DateTimeOffset now) => IsWatched
            ? Marker(live) is var marker && (marker == After || marker == Before)
            : now - At < Unwatched;

        static string? Marker(Resource? live) => live is null ? null : AppliedObjects.Marker(live.Metadata);
    }
}
