namespace ClusterTrail.Agent.Sources;

/// <summary>The folder of a log on a disk.</summary>
sealed class DiskLogFiles(string livePath) : ILogFiles
{
    readonly string folder = Path.GetDirectoryName(livePath)!;
    readonly string liveName = Path.GetFileName(livePath);

    public IReadOnlyList<string> ListRotated()
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder).Select(path => RotatedName.Parse(Path.GetFileName(path), liveName)).OfType<RotatedName>().Order().Select(name => name.Name)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    public bool HasFolder() => Directory.Exists(folder);

    public FileNumber? LiveNumber() => FileStatus.Of(livePath)?.Number;

    public ILogFile? OpenLive() => Open(livePath);

    public ILogFile? OpenRotated(string name) => Open(Path.Combine(folder, name));

    static DiskLogFile? Open(string path)
    {
        try
        {
            // Sharing all that can be shared: the writer renames, truncates and deletes as it likes.
            return new DiskLogFile(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException e)
        {
            // Opening a folder is denied too.
            throw new IOException(Directory.Exists(path)
                ? $"{path} is a folder, and must be the log's file. Correct sources[].logFile.path."
                : $"{path} may not be read: {e.Message} Give the agent the capability DAC_READ_SEARCH, or let its user read the file.", e);
        }
    }
}
