using ClusterTrail.Archive;

namespace ClusterTrail.Verification.Stores;

/// <summary>Objects that readers of an archive take for batches by their endings, and that lie where no batch does.</summary>
static class StrayObjects
{
    static readonly string[] Endings =
        [.. Enum.GetValues<Codec>().SelectMany(codec => new[] { codec.Ending(), codec.Ending() + BatchName.EncryptedEnding })];

    public static bool IsLike(string name) => Endings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal));

    /// <summary>All of them in a folder, and in the folders below.</summary>
    public static async IAsyncEnumerable<string> BelowAsync(
        IArchiveStore store, string folder,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var folders = new Stack<string>([folder]);
        while (folders.TryPop(out var next))
        {
            await foreach (var one in store.ObjectsAsync(next, cancellationToken))
            {
                // In a bucket, an object may have the name of its own folder.
                if (one.Name.EndsWith('/') && one.Name != next)
                    folders.Push(one.Name);
                else if (IsLike(one.Name))
                    yield return one.Name;
            }
        }
    }
}
