using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Reading;

/// <summary>An archive, or a part of one, in a folder.</summary>
sealed class LocalFolder(string path) : ILocation
{
    const string Events = "events";

    public Task<IReadOnlyList<ArchiveObject>> ListAsync(CancellationToken cancellationToken)
    {
        var below = Path.Combine(path, Events);
        var objects = Files(Directory.Exists(below) ? below : path)
            .Where(ArchiveObject.IsObjectName)
            .Select(file => ArchiveObject.Of(file, Path.GetFullPath(file).Replace(Path.DirectorySeparatorChar, '/')))
            .Order()
            .ToList();
        return objects.Count > 0
            ? Task.FromResult<IReadOnlyList<ArchiveObject>>(objects)
            : throw new TrailException(ExitCode.BadUsage, $"No object of an archive was found below {path}.");
    }

    public async Task<byte[]> ReadAsync(ArchiveObject archiveObject, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllBytesAsync(archiveObject.Name, cancellationToken);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new ObjectException(
                ExitCode.Unreadable, archiveObject.Name, $"cannot be read: {e.Message}", "AccessDenied",
                "read the archive as the owner of its files", e);
        }
        catch (IOException e)
        {
            throw new ObjectException(ExitCode.Unreadable, archiveObject.Name, $"cannot be read: {e.Message}", e.GetType().Name, null, e);
        }
    }

    static string[] Files(string folder)
    {
        try
        {
            return Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrailException(ExitCode.Unreadable, $"{folder} cannot be listed: {e.Message}", e);
        }
    }
}
