using ClusterTrail.Contract.Reading;

namespace ClusterTrail.History.Reading;

/// <summary>One object, in a file.</summary>
sealed class LocalFile(string path) : ILocation
{
    public Task<Listing> ListAsync(ObjectScope scope, CancellationToken cancellationToken) => ArchiveObject.IsObjectName(path)
        ? Task.FromResult(new Listing([ArchiveObject.Of(path, path)], []))
        : throw new TrailException(
            ExitCode.BadUsage,
            $"{path} is not an object of an archive; their names end in {ArchiveObject.Endings}.");

    public Task<ObjectStream> OpenAsync(ArchiveObject archiveObject, CancellationToken cancellationToken) =>
        Task.FromResult(Open(archiveObject.Name));

    /// <summary>Only a regular file is an object: a pipe could keep the reader waiting, and a device has no end.</summary>
    /// <exception cref="TrailException">It cannot be read.</exception>
    internal static ObjectStream Open(string path)
    {
        try
        {
            var file = new FileStream(RegularFile.Open(path), FileAccess.Read, bufferSize: 0);
            return new(file, path, file.Length, e => Failure(path, e));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(path, e);
        }
    }

    static ObjectException Failure(string path, Exception e) => e is UnauthorizedAccessException
        ? new(ExitCode.Unreadable, path, $"cannot be read: {e.Message}", "AccessDenied", "read the archive as the owner of its files", e)
        : new(ExitCode.Unreadable, path, $"cannot be read: {e.Message}", e.GetType().Name, null, e);
}
