using ClusterTrail.History.Reading;

namespace ClusterTrail.Lake.Export;

/// <summary>The files of an export in a folder, to be read.</summary>
sealed class ExportFolder(string root) : IExportFiles
{
    /// <summary>What a file is called until it is complete.</summary>
    internal const string Temporary = ".tmp";

    // A link may lead to files of somebody else.
    static readonly EnumerationOptions All = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    public string Name => root;

    internal string PathOf(string name) => Path.GetFullPath(Path.Combine(root, name));

    public Task<IReadOnlyList<string>> ListAsync(string folder, CancellationToken cancellationToken)
    {
        var path = Path.Combine(root, folder);
        return Task.FromResult<IReadOnlyList<string>>(
            !Directory.Exists(path) ? [] :
            [
                .. Directory.EnumerateFiles(path, "*", All)
                    .Where(file => !file.EndsWith(Temporary, StringComparison.Ordinal))
                    .Select(file => Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/')),
            ]);
    }

    public Task<bool> HasAsync(string folder, CancellationToken cancellationToken) =>
        Task.FromResult(Path.Exists(Path.Combine(root, folder.TrimEnd('/'))));

    public async Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var path = Path.Combine(root, name);
        try
        {
            return File.Exists(path) ? await File.ReadAllBytesAsync(path, cancellationToken) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrailException(ExitCode.Unreadable, $"{path} cannot be read: {e.Message}", e);
        }
    }
}
