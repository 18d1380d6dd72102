using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Archives;

/// <summary>A store that lists whole trees, and may keep what was replaced or deleted.</summary>
interface IVersionedStore : IArchiveStore
{
    /// <summary>All objects below a folder, at any depth.</summary>
    /// <exception cref="StoreException">It cannot be listed.</exception>
    IAsyncEnumerable<StoredObject> BelowAsync(string folder, CancellationToken cancellationToken);

    /// <summary>All versions of all objects below a folder, at any depth, and marks that say that one was deleted. Those of one object
    /// come together.</summary>
    /// <exception cref="StoreException">They cannot be listed.</exception>
    IAsyncEnumerable<StoredVersion> VersionsAsync(string folder, CancellationToken cancellationToken);

    /// <summary>A version's stored bytes; null if there is no such version.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    Task<Stream?> OpenAsync(StoredVersion version, CancellationToken cancellationToken);
}

/// <summary>What an object once was.</summary>
/// <param name="Id">The store's name for it; null where it keeps no versions.</param>
/// <param name="IsLatest">Whether it is what a reader gets who asks for no version.</param>
/// <param name="IsDeletion">Whether it says that the object was deleted, and has no bytes.</param>
sealed record StoredVersion(string Name, string? Id, DateTimeOffset At, bool IsLatest, bool IsDeletion);
