namespace ClusterTrail.Verification.Stores;

/// <summary>Where an archive is. Names are below its root; those of folders end with a slash.</summary>
public interface IArchiveStore
{
    /// <summary>For people.</summary>
    string Name { get; }

    /// <summary>How many objects to read at once.</summary>
    int Concurrency { get; }

    /// <summary>The folders right below a folder; none if it does not exist.</summary>
    /// <exception cref="StoreException">It cannot be listed.</exception>
    IAsyncEnumerable<string> FoldersAsync(string folder, CancellationToken cancellationToken);

    /// <summary>
    /// The objects right below a folder, and the folders, whose names end with a slash; none if it does not exist.
    /// </summary>
    /// <exception cref="StoreException">It cannot be listed.</exception>
    IAsyncEnumerable<StoredObject> ObjectsAsync(string folder, CancellationToken cancellationToken);

    /// <summary>An object's stored bytes; null if there is no such object.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken);
}
