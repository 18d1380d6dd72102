using System.Runtime.CompilerServices;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Testing.Chains;

/// <summary>Objects in memory as a store.</summary>
public sealed class InMemoryArchive(IReadOnlyDictionary<string, byte[]> objects) : IArchiveStore
{
    public string Name => "memory";

    public int Concurrency => 4;

    /// <summary>What cannot be read.</summary>
    public HashSet<string> Unreadable { get; } = [];

    /// <summary>The folder whose listing fails in a way that nobody expects.</summary>
    public string? Broken { get; init; }

    public async IAsyncEnumerable<string> FoldersAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var below in objects.Keys.Where(name => name.StartsWith(folder, StringComparison.Ordinal))
            .Select(name => name.IndexOf('/', folder.Length) is > 0 and var slash ? name[..(slash + 1)] : null).OfType<string>().Distinct())
        {
            yield return below;
        }
    }

    public async IAsyncEnumerable<StoredObject> ObjectsAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (folder == Broken)
            throw new InvalidOperationException("it is broken");
        await foreach (var below in FoldersAsync(folder, cancellationToken))
            yield return new(below, 0, "");
        foreach (var (name, bytes) in objects.Where(one => one.Key.StartsWith(folder, StringComparison.Ordinal) && !one.Key[folder.Length..].Contains('/')))
            yield return new(name, bytes.Length, "");
    }

    public Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken) => Unreadable.Contains(name)
        ? throw new StoreException("AccessDenied: you may not", new IOException())
        : Task.FromResult<Stream?>(objects.TryGetValue(name, out var bytes) ? new MemoryStream(bytes) : null);
}
