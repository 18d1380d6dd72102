namespace ClusterTrail.History.Reading;

/// <summary>Where sealed batches are read from.</summary>
interface ILocation
{
    /// <summary>The sealed batches there.</summary>
    /// <param name="scope">Which of them.</param>
    /// <param name="cancellationToken">It ends at once.</param>
    /// <exception cref="TrailException">It does not exist, is empty or cannot be listed.</exception>
    Task<Listing> ListAsync(ObjectScope scope, CancellationToken cancellationToken);

    /// <summary>The stored bytes, to be read once.</summary>
    /// <exception cref="TrailException">They cannot be read.</exception>
    Task<ObjectStream> OpenAsync(ArchiveObject archiveObject, CancellationToken cancellationToken);
}
