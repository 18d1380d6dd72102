using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Reading;

/// <summary>One object, in a file.</summary>
sealed class LocalFile(string path) : ILocation
{
    public Task<IReadOnlyList<ArchiveObject>> ListAsync(CancellationToken cancellationToken) => ArchiveObject.IsObjectName(path)
        ? Task.FromResult<IReadOnlyList<ArchiveObject>>([ArchiveObject.Of(path, path)])
        : throw new TrailException(
            ExitCode.BadUsage,
            $"{path} is not an object of an archive; their names end in {ArchiveObject.Endings}.");

    public Task<byte[]> ReadAsync(ArchiveObject archiveObject, CancellationToken cancellationToken) =>
        ReadFileAsync(archiveObject.Key, ExitCode.Unreadable, cancellationToken);

    /// <exception cref="TrailException">It cannot be read; with the exit code given.</exception>
    internal static async Task<byte[]> ReadFileAsync(string path, ExitCode otherwise, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrailException(otherwise, $"{path} cannot be read: {e.Message}", e);
        }
    }
}
