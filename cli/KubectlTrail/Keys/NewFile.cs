using System.Text;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Shared;

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
        catch (Exception e) when (WriteFailure.Is(e))
        {
            // A part of a key is none.
            var isThere = !isMade && File.Exists(path);
            if (isMade)
                TryDelete(path);
            throw new TrailException(
                ExitCode.BadUsage, isThere ? Exists(path) : $"{path} cannot be written: {WriteFailure.Reason(e)}", e);
        }
    }

    internal static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (WriteFailure.Is(e))
        {
            // Why it could not be written is told, and the next run says that it is there.
        }
    }

    internal static void MustNotExist(string path)
    {
        if (Path.Exists(path))
            throw new TrailException(ExitCode.BadUsage, Exists(path));
    }

    static string Exists(string path) => $"{path} exists and a key is never overwritten; give another name with --out.";
}
