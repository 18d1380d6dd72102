using System.Runtime.CompilerServices;

namespace ClusterTrail.Verification.Stores;

/// <summary>Finds the nodes of an archive by its folders.</summary>
sealed class ArchiveTree(IArchiveStore store, ArchiveScope scope)
{
    const int ListingsAtOnce = 8;
    const int MostStrays = 2000;
    const string Events = "events/";

    readonly SortedDictionary<ArchiveNode, NodeFolders> nodes = new(ArchiveNode.Order);
    readonly List<string> strays = [];
    long strayCount;

    /// <summary>Objects among the events that are like batches and lie in no node's folder, and how many there are.</summary>
    public (IReadOnlyList<string> First, long Count) Strays => (strays, strayCount);

    /// <exception cref="StoreException">A folder cannot be listed.</exception>
    public async Task<IReadOnlyList<NodeFolders>> FindAsync(CancellationToken cancellationToken)
    {
        await FindAsync("digests/", (node, date) => node.DigestDates.Add(date), cancellationToken);
        await FindAsync(Events, (node, date) => node.EventDates.Add(date), cancellationToken);
        await FindKeysAsync(cancellationToken);
        return [.. nodes.Values];
    }

    async Task FindAsync(string root, Action<NodeFolders, string> add, CancellationToken cancellationToken)
    {
        var dates = new List<(string Cluster, string Trail, string Date, string Folder)>();
        foreach (var (cluster, trail, folder) in await TrailsAsync(root, cancellationToken))
            await foreach (var below in FoldersAsync(folder, name => Value(name, "date") is { } date && IsDate(date), cancellationToken))
                dates.Add((cluster, trail, Value(below, "date")!, below));
        await Parallel.ForEachAsync(dates, Options(cancellationToken), async (one, token) =>
        {
            await foreach (var below in FoldersAsync(one.Folder, name => Value(name, "node") is not null, token))
                AddNode(one.Cluster, one.Trail, below, node => add(node, one.Date));
        });
    }

    // An enrolment says that there is a chain, even if nothing else of it is left.
    async Task FindKeysAsync(CancellationToken cancellationToken)
    {
        foreach (var (cluster, trail, folder) in await TrailsAsync("keys/", cancellationToken))
            await foreach (var below in store.FoldersAsync(folder, cancellationToken))
                AddNode(cluster, trail, below, _ => { });
    }

    async Task<List<(string Cluster, string Trail, string Folder)>> TrailsAsync(string root, CancellationToken cancellationToken)
    {
        var trails = new List<(string, string, string)>();
        await foreach (var cluster in FoldersAsync(root, name => Value(name, "cluster") is not null, cancellationToken))
            if (Wanted(cluster, "cluster", scope.Cluster) is { } clusterName)
                await foreach (var trail in FoldersAsync(cluster, name => Value(name, "trail") is not null, cancellationToken))
                    if (Wanted(trail, "trail", scope.Trail) is { } trailName)
                        trails.Add((clusterName, trailName, trail));
        return trails;
    }

    // Among the events, what lies beside the folders of an archive is noted.
    async IAsyncEnumerable<string> FoldersAsync(
        string folder, Predicate<string> isOfArchive, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var one in store.ObjectsAsync(folder, cancellationToken))
        {
            if (one.Name.EndsWith('/') && isOfArchive(one.Name))
                yield return one.Name;
            else if (!folder.StartsWith(Events, StringComparison.Ordinal) || one.Name == folder)
                continue;
            else if (!one.Name.EndsWith('/'))
                NoteStray(one.Name);
            else
                await foreach (var stray in StrayObjects.BelowAsync(store, one.Name, cancellationToken))
                    NoteStray(stray);
        }
    }

    void NoteStray(string name)
    {
        if (!StrayObjects.IsLike(name))
            return;
        lock (strays)
        {
            strayCount++;
            if (strays.Count < MostStrays)
                strays.Add(name);
        }
    }

    void AddNode(string cluster, string trail, string folder, Action<NodeFolders> change)
    {
        if (Wanted(folder, "node", scope.Node) is not { } name)
            return;
        var node = new ArchiveNode(cluster, trail, name);
        lock (nodes)
        {
            if (!nodes.TryGetValue(node, out var folders))
                nodes[node] = folders = new(node);
            change(folders);
        }
    }

    static bool IsDate(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", out _);

    static string? Wanted(string folder, string key, string? only) =>
        Value(folder, key) is { } value && (only is null || only == value) ? value : null;

    static string? Value(string folder, string key)
    {
        var last = folder.TrimEnd('/');
        last = last[(last.LastIndexOf('/') + 1)..];
        return last.StartsWith(key + "=", StringComparison.Ordinal) && last.Length > key.Length + 1 ? last[(key.Length + 1)..] : null;
    }

    static ParallelOptions Options(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = ListingsAtOnce, CancellationToken = cancellationToken };
}
