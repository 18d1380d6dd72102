using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Sources;

/// <summary>The files of a log on a disk.</summary>
sealed class DiskLogFiles(LogFileConfiguration configuration) : ILogFiles
{
    const char NotUtf8 = '\uFFFD';

    readonly string livePath = configuration.Path;
    readonly string folder = Path.GetDirectoryName(configuration.Path)!;
    readonly string? rotatedFolder = configuration.RotatedFolder is { } rotated
        ? Path.GetFullPath(rotated, Path.GetDirectoryName(configuration.Path)!)
        : null;

    readonly SiblingNames names = new(Path.GetFileName(configuration.Path), configuration.RotatedPattern);

    public IReadOnlyList<FolderEntry> List() =>
        [.. new[] { folder, rotatedFolder }.OfType<string>().Distinct().SelectMany(ListFolder).Order()];

    public bool HasFolder() => Directory.Exists(folder);

    public FileStatus? Live() => FileStatus.Of(livePath);

    public ILogFile? Open(string path) => DiskLogFile.Open(path);

    List<FolderEntry> ListFolder(string path)
    {
        var entries = new List<FolderEntry>();
        try
        {
            foreach (var found in Directory.EnumerateFileSystemEntries(path))
            {
                if (found != livePath && names.Parse(Path.GetFileName(found)) is { } name && Describe(name, found) is { } entry)
                {
                    entries.Add(entry);
                }
            }
        }
        catch (DirectoryNotFoundException)
        {
            // The log is not there yet, or logrotate has not made its folder.
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path} may not be listed: {e.Message} Give the agent the capability DAC_READ_SEARCH.", e);
        }

        return entries;
    }

    static FolderEntry? Describe(SiblingName name, string path)
    {
        try
        {
            return FileStatus.Of(path) is { } status ? new(name, path, status)
                : path.Contains(NotUtf8) ? new(name, path, null, $"{path} has a name that is not UTF-8, and cannot be read. Rename it.")
                : null;
        }
        catch (IOException e)
        {
            return new(name, path, null, e.Message);
        }
    }
}
