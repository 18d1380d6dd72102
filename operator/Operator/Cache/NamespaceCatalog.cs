using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using ClusterTrail.Contract.Labels;
using ClusterTrail.Kubernetes;
using ClusterTrail.Kubernetes.Control;

namespace ClusterTrail.Operator.Cache;

/// <summary>The labels of namespaces that the records of Trails get, for a while also of those that are gone.</summary>
/// <remarks>Guarantee: what agents get of it is bounded, and what is left out is counted.</remarks>
sealed class NamespaceCatalog
{
    // Twice what Kubernetes is made for.
    const int MostNamespaces = 20_000;

    // Half of what an agent takes: pods need room too.
    const int MostBytes = LabelsHandover.LargestBody / 2;

    readonly Informer<PartialResource> informer;
    readonly TimeProvider time;
    readonly ConcurrentDictionary<string, IReadOnlyList<string>> keysOf = new();
    readonly ConcurrentDictionary<string, (long Version, TrailNamespaces Namespaces)> written = new();
    readonly Lock guard = new();
    readonly Dictionary<string, (PartialResource Last, DateTimeOffset At)> gone = [];
    long version;

    /// <param name="informer">It has not begun yet.</param>
    public NamespaceCatalog(Informer<PartialResource> informer, TimeProvider time)
    {
        (this.informer, this.time) = (informer, time);
        informer.OnChange(Note);
    }

    /// <summary>Says which labels of namespaces the records of a Trail get.</summary>
    public void Need(string trail, IReadOnlyList<string> keys)
    {
        if (keys.Count == 0)
            keysOf.TryRemove(trail, out _);
        else if (!(keysOf.TryGetValue(trail, out var known) && known.SequenceEqual(keys)))
            keysOf[trail] = keys;
        else
            return;
        written.TryRemove(trail, out _);
    }

    /// <summary>What the agents of a Trail should know; null while it is not known, or if its records get no such labels.</summary>
    public TrailNamespaces? Of(string trail)
    {
        if (!keysOf.TryGetValue(trail, out var keys) || !informer.Ready.IsCompletedSuccessfully)
            return null;
        long now;
        IReadOnlyList<PartialResource> lost;
        lock (guard)
        {
            Forget();
            (now, lost) = (version, [.. gone.Values.Select(one => one.Last)]);
        }

        if (written.TryGetValue(trail, out var before) && before.Version == now)
            return before.Namespaces;
        var made = Write(keys, lost);
        written[trail] = (now, made);
        return made;
    }

    void Note(Change<PartialResource> change)
    {
        if (ClusterCache.HaveSameLabels(change))
            return;
        lock (guard)
        {
            version++;
            if (change.After is null && change.Before is { } last)
                gone[change.Key.Name] = (last, time.GetUtcNow());
            else
                gone.Remove(change.Key.Name);
        }
    }

    void Forget()
    {
        var old = time.GetUtcNow() - NodeLabels.Remembered;
        foreach (var name in gone.Where(one => one.Value.At <= old).Select(one => one.Key).ToList())
        {
            gone.Remove(name);
            version++;
        }
    }

    // Those that are there come first: if there are too many, the others are left out.
    TrailNamespaces Write(IReadOnlyList<string> keys, IReadOnlyList<PartialResource> lost)
    {
        var there = informer.Objects.OrderBy(one => one.Metadata.Name, StringComparer.Ordinal).ToList();
        var names = there.Select(one => one.Metadata.Name).ToHashSet();
        var all = there.Concat(
            lost.Where(one => !names.Contains(one.Metadata.Name)).OrderBy(one => one.Metadata.Name, StringComparer.Ordinal));
        var (taken, bytes, leftOut) = (new List<LabelledNamespace>(), 0, 0);
        foreach (var one in all)
        {
            var labelled = new LabelledNamespace(
                one.Metadata.Name,
                keys.Where(one.LabelMap.ContainsKey).ToDictionary(key => key, key => one.LabelMap[key]));
            var size = JsonSerializer.SerializeToUtf8Bytes(labelled, LabelsJson.Default.LabelledNamespace).Length + 1;
            if (taken.Count == MostNamespaces || bytes + size > MostBytes)
            {
                leftOut++;
                continue;
            }

            taken.Add(labelled);
            bytes += size;
        }

        return new(taken, leftOut);
    }
}

/// <summary>The labels of namespaces that the agents of a Trail should know.</summary>
/// <param name="LeftOut">How many namespaces did not fit.</param>
sealed record TrailNamespaces(IReadOnlyList<LabelledNamespace> Namespaces, int LeftOut)
{
    /// <summary>Stands for the namespaces and their labels.</summary>
    public string Hash { get; } = Convert.ToHexStringLower(
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(Namespaces, LabelsJson.Default.IReadOnlyListLabelledNamespace)));

    /// <summary>Those of a node's pods.</summary>
    public TrailNamespaces Only(IReadOnlySet<string> names) => new([.. Namespaces.Where(one => names.Contains(one.Name))], LeftOut);
}
