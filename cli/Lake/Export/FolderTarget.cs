using ClusterTrail.History.Reading;

namespace ClusterTrail.Lake.Export;

/// <summary>An export in a folder. While it is open, no other process can export to it.</summary>
/// <remarks>Files can be read by their owner only, as the archive may have been encrypted.</remarks>
sealed class FolderTarget : IExportTarget
{
    const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    readonly string root;
    readonly FileStream held;

    /// <exception cref="TrailException">It cannot be written, or another export writes there.</exception>
    internal FolderTarget(string path)
    {
        root = Path.GetFullPath(path);
        try
        {
            Make(PathOf(ExportSettings.Folder));
            held = new(PathOf($"{ExportSettings.Folder}/lock"), new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = OwnersFile,
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrailException(ExitCode.BadUsage, $"{path} cannot be written, or another export writes there: {e.Message}", e);
        }
    }

    public string Name => root;

    public Task<IReadOnlyList<string>> ListAsync(string folder, CancellationToken cancellationToken) =>
        new ExportFolder(root).ListAsync(folder, cancellationToken);

    public Task<bool> HasAsync(string folder, CancellationToken cancellationToken) =>
        new ExportFolder(root).HasAsync(folder, cancellationToken);

    public Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken) =>
        new ExportFolder(root).ReadAsync(name, cancellationToken);

    public async Task PutAsync(string name, MemoryStream content, bool isNew, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        try
        {
            Make(Path.GetDirectoryName(path)!);
            await using (var file = new FileStream(path + ExportFolder.Temporary, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = OwnersFile,
            }))
            {
                content.WriteTo(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(path + ExportFolder.Temporary, path, overwrite: !isNew);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrailException(ExitCode.Unreadable, $"{path} cannot be written: {e.Message}", e);
        }
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        File.Delete(PathOf(name));
        return Task.CompletedTask;
    }

    public void Dispose() => held.Dispose();

    string PathOf(string name) => Path.Combine(root, name);

    static void Make(string path) =>
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
