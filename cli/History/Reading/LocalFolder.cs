
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
            ? Task.FromResult<Listing>(new(
                [.. walk.Objects.Order()], [.. walk.Skipped.OrderBy(skipped => skipped.Name, StringComparer.Ordinal)]))
            : throw new TrailException(ExitCode.BadUsage, $"No object of an archive was found below {path}.");
    }

    public Task<ObjectStream> OpenAsync(ArchiveObject archiveObject, CancellationToken cancellationToken) =>
        Task.FromResult(LocalFile.Open(archiveObject.Name));
}
