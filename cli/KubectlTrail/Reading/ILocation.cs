namespace ClusterTrail.Kubectl.Reading;

/// <summary>Where sealed batches are read from.</summary>
interface ILocation
{
    /// <summary>Every sealed batch there, in the order of time.</summary>
    /// <exception cref="Shared.TrailException">It does not exist, is empty or cannot be listed.</exception>
    Task<IReadOnlyList<ArchiveObject>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The stored bytes.</summary>
    /// <exception cref="Shared.TrailException">They cannot be read.</exception>
    Task<byte[]> ReadAsync(ArchiveObject archiveObject, CancellationToken cancellationToken);
}
