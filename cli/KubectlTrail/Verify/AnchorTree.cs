using System.Runtime.CompilerServices;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Kubectl.Archives;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Verify;

/// <summary>Lists the places of anchors, each with its versions.</summary>
static class AnchorTree
{
    const int Levels = 5;

    static readonly string[] Members = ["cluster=", "trail=", "node="];

    /// <summary>What is there now. A store that cannot list a whole tree is walked.</summary>
    internal static async IAsyncEnumerable<StoredObject> CurrentAsync(
        IArchiveStore store, ArchiveScope scope, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (store is IVersionedStore bucket)
        {
            await foreach (var one in bucket.BelowAsync(FolderOf(scope), cancellationToken))
                if (IsIn(scope, one.Name))
                    yield return one;
            yield break;
        }

        await foreach (var cluster in store.FoldersAsync(ChainAnchor.Folder, cancellationToken))
            await foreach (var trail in store.FoldersAsync(cluster, cancellationToken))
                await foreach (var node in store.FoldersAsync(trail, cancellationToken))
                    await foreach (var one in store.ObjectsAsync(node, cancellationToken))
                        if (IsIn(scope, one.Name))
                            yield return one;
    }

    /// <summary>What is there and what was, of each place the newest first.</summary>
    /// <param name="most">How many of a place are listed.</param>
    internal static async IAsyncEnumerable<PlaceVersions> VersionsAsync(
        IVersionedStore store, ArchiveScope scope, int most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (place, more) = (new List<StoredVersion>(), 0L);
        await foreach (var one in store.VersionsAsync(FolderOf(scope), cancellationToken))
        {
            if (!IsIn(scope, one.Name))
                continue;
            if (place.Count > 0 && place[0].Name != one.Name)
            {
                yield return new(Newest(place), more);
                (place, more) = ([], 0);
            }

            // Stores list the newest first.
            if (place.Count < most)
                place.Add(one);
            else
                more++;
        }

        if (place.Count > 0)
            yield return new(Newest(place), more);
    }

    /// <summary>Whose place it is; null if it is no anchor's.</summary>
    internal static ArchiveNode? NodeOf(string name)
    {
        var parts = name.Split('/');
        if (parts.Length != Levels || parts[0] + "/" != ChainAnchor.Folder || !name.EndsWith(".json", StringComparison.Ordinal)
            || !Members.Index().All(one => parts[one.Index + 1].StartsWith(one.Item, StringComparison.Ordinal)))
            return null;
        var values = Members.Index().Select(one => parts[one.Index + 1][one.Item.Length..]).ToList();
        return new(values[0], values[1], values[2]);
    }

    static IReadOnlyList<StoredVersion> Newest(List<StoredVersion> place) =>
        [.. place.OrderByDescending(one => one.IsLatest).ThenByDescending(one => one.At)];

    static bool IsIn(ArchiveScope scope, string name) => NodeOf(name) is { } node
        && (scope.Cluster ?? node.Cluster, scope.Trail ?? node.Trail, scope.Node ?? node.Node) == (node.Cluster, node.Trail, node.Node);

    // As far down as the scope says.
    static string FolderOf(ArchiveScope scope) => ChainAnchor.Folder + (scope switch
    {
        { Cluster: null } => "",
        { Trail: null } => $"cluster={scope.Cluster}/",
        { Node: null } => $"cluster={scope.Cluster}/trail={scope.Trail}/",
        _ => $"cluster={scope.Cluster}/trail={scope.Trail}/node={scope.Node}/",
    });
}

/// <summary>What lies and lay in one place.</summary>
/// <param name="Versions">The newest first; never empty.</param>
/// <param name="More">How many older ones there are.</param>
sealed record PlaceVersions(IReadOnlyList<StoredVersion> Versions, long More);
