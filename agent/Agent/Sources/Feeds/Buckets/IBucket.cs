namespace ClusterTrail.Agent.Sources.Feeds.Buckets;

/// <summary>A bucket that objects are written into, and read from here.</summary>
interface IBucket
{
    /// <summary>Lists the next objects, in the order of their names.</summary>
    /// <param name="after">Only names behind this one; null means all.</param>
    /// <exception cref="FeedException">The store does not answer as it should.</exception>
    Task<BucketPage> ListAsync(string? after, CancellationToken cancellationToken);

    /// <summary>Opens an object as it is stored.</summary>
    /// <param name="tag">Which content it must have.</param>
    /// <exception cref="FeedException">It cannot be read, or is gone; so does reading the content.</exception>
    Task<OpenedObject> OpenAsync(string key, string tag, CancellationToken cancellationToken);
}

/// <summary>Some objects of a list.</summary>
sealed record BucketPage(IReadOnlyList<StoredObject> Objects, bool IsLast);

/// <summary>An object that is being read.</summary>
sealed record OpenedObject(StoredObject Object, Stream Content) : IDisposable
{
    public void Dispose() => Content.Dispose();
}
