using System.Text;
using ClusterTrail.History.Reading;

namespace ClusterTrail.Kubectl.Keys;

/// <summary>Writes a file that must not be there yet.</summary>
static class NewFile
{
    internal const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    internal const UnixFileMode ForAll = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>The file has its mode from the moment it exists, so the key cannot be read in between.</summary>
    /// <exception cref="TrailException">It exists, or cannot be written.</exception>
    internal static void Write(string path, string text, UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        var isMade = false;
        try
        {
            using var file = new FileStream(path, options);
            isMade = true;
            file.Write(Encoding.ASCII.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        // The last is what the library calls a file that is larger than its user's limit.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            // A part of a key is none.
            if (isMade)
                File.Delete(path);
            throw new TrailException(ExitCode.BadUsage, File.Exists(path) ? Exists(path) : $"{path} cannot be written: {e.Message}", e);
        }
    }

    internal static void MustNotExist(string path)
    {
        if (Path.Exists(path))
            throw new TrailException(ExitCode.BadUsage, Exists(path));
    }

    static string Exists(string path) => $"{path} exists and a key is never overwritten; give another name with --out.";
}
