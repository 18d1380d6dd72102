namespace ClusterTrail.History.Reading;

/// <summary>An archive, or a part of one, in a folder.</summary>
sealed class LocalFolder(string path) : ILocation
{
    const string Events = "events";

    public Task<Listing> ListAsync(ObjectScope scope, CancellationToken cancellationToken)
    {
        var below = Path.Combine(path, Events);
        var walk = new FolderWalk(path, scope, cancellationToken);
        walk.Visit(Path.Exists(below) ? below : path);
        return walk.Objects.Count + walk.Skipped.Count > 0 || walk.HasLeftOut
            ? Task.FromResult(IsOfArchive ? Listing.OfArchive(walk.Objects, walk.Skipped) : Listing.Of(walk.Objects, walk.Skipped))
            : throw new EmptyLocationException(path);
    }

    // A folder of copies, outside of an archive, has no names of agents at all.
    bool IsOfArchive => Path.Exists(Path.Combine(path, Events)) || Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)) is var whole
        && (Path.GetFileName(whole) == Events || whole.Contains($"/{Events}/cluster=", StringComparison.Ordinal));

    public Task<ObjectStream> OpenAsync(ArchiveObject archiveObject, CancellationToken cancellationToken) =>
        Task.FromResult(LocalFile.Open(archiveObject.Name));
}
