using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using ClusterTrail.Kubernetes;

namespace ClusterTrail.Testing;

/// <summary>The objects of an <see cref="InMemoryCluster"/>, their versions and their history.</summary>
sealed class ClusterStore(TimeProvider time)
{
    readonly Lock guard = new();
    readonly Dictionary<(ResourceType Type, ObjectKey Key), StoredObject> objects = [];
    readonly List<StoredChange> history = [];
    readonly List<Channel<StoredChange>> watches = [];
    readonly Dictionary<string, (IReadOnlyList<StoredObject> Items, long Version)> pages = [];
    long version = 1;
    long compacted;

    public StoredObject? Find(ResourceType type, ObjectKey key)
    {
        lock (guard)
        {
            return objects.GetValueOrDefault((type, key));
        }
    }

    /// <summary>Replaces an object in one step.</summary>
    /// <param name="change">From what is there, or nothing, to what shall be there.</param>
    public StoredObject Write(ResourceType type, ObjectKey key, Func<StoredObject?, StoredObject> change)
    {
        lock (guard)
        {
            var before = objects.GetValueOrDefault((type, key));
            var after = Lifecycle.Complete(before, change(before), time.GetUtcNow());
            if (before is not null && after.IsSameAs(before))
                return before;
            return after is { IsDeleted: true, HasFinalizers: false } ? Remove(after) : Keep(before, after);
        }
    }

    public void Delete(ResourceType type, ObjectKey key, string? uid)
    {
        lock (guard)
        {
            var live = objects.GetValueOrDefault((type, key)) ?? throw Refusal.NotFound(type, key);
            if (uid is not null && live.Uid != uid)
                throw Refusal.Conflict($"Precondition failed: UID in precondition: {uid}, UID in object meta: {live.Uid}");
            Delete(live);
        }
    }

    public (IReadOnlyList<StoredObject> Items, long Version, string? Continue) List(ResourceType type, ListQuery query)
    {
        lock (guard)
        {
            var (all, at) = query.Continue is { } token
                ? pages.Remove(token, out var page) ? page : throw Refusal.Expired()
                : ([.. objects.Values.Where(stored => query.Matches(type, stored)).OrderBy(stored => stored.Key.ToString(), StringComparer.Ordinal)], version);
            if (all.Count <= query.Limit)
                return (all, at, null);
            var next = $"page-{Guid.NewGuid():N}";
            pages[next] = ([.. all.Skip(query.Limit)], at);
            return ([.. all.Take(query.Limit)], at, next);
        }
    }

    /// <summary>All changes after a version, those to come included, until the watches are ended.</summary>
    public Channel<StoredChange> Watch(string from)
    {
        lock (guard)
        {
            if (!long.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var after))
                throw Refusal.BadRequest($"Invalid value: \"{from}\": resourceVersion");
            if (after < compacted)
                throw Refusal.Expired();
            var watch = Channel.CreateUnbounded<StoredChange>();
            foreach (var change in history.Where(change => change.Version > after))
                watch.Writer.TryWrite(change);
            watches.Add(watch);
            return watch;
        }
    }

    public void Forget(Channel<StoredChange> watch)
    {
        lock (guard)
        {
            watches.Remove(watch);
        }
    }

    public void EndWatches()
    {
        lock (guard)
        {
            watches.ForEach(watch => watch.Writer.TryComplete());
            watches.Clear();
        }
    }

    public void Bookmark()
    {
        lock (guard)
        {
            watches.ForEach(watch => watch.Writer.TryWrite(new(version, Before: null, After: null)));
        }
    }

    public void Compact()
    {
        lock (guard)
        {
            compacted = version;
            history.Clear();
            pages.Clear();
        }
    }

    StoredObject Keep(StoredObject? before, StoredObject after)
    {
        var kept = AtNextVersion(after);
        objects[(kept.Type, kept.Key)] = kept;
        Tell(new(version, before, kept));
        return kept;
    }

    void Delete(StoredObject live)
    {
        if (!live.HasFinalizers)
            Remove(live);
        else if (!live.IsDeleted)
            Keep(live, Lifecycle.MarkDeleted(live, time.GetUtcNow()));
    }

    StoredObject Remove(StoredObject last)
    {
        objects.Remove((last.Type, last.Key));
        var gone = AtNextVersion(last);
        Tell(new(version, gone, After: null));
        Collect(last.Uid);
        return gone;
    }

    // A server's garbage collector is a little later.
    void Collect(string owner)
    {
        var uids = objects.Values.Select(stored => stored.Uid).ToHashSet();
        var owned = objects.Values.Where(stored => stored.OwnerUids.Contains(owner)).ToList();
        foreach (var orphan in owned.Where(stored => !stored.OwnerUids.Any(uids.Contains)))
        {
            if (objects.TryGetValue((orphan.Type, orphan.Key), out var live) && live.Uid == orphan.Uid)
                Delete(live);
        }
    }

    StoredObject AtNextVersion(StoredObject stored)
    {
        var json = (JsonObject)stored.Json.DeepClone();
        json["metadata"]!["resourceVersion"] = (++version).ToString(CultureInfo.InvariantCulture);
        return stored with { Json = json };
    }

    void Tell(StoredChange change)
    {
        history.Add(change);
        watches.ForEach(watch => watch.Writer.TryWrite(change));
    }
}
