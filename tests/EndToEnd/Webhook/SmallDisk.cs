using System.Diagnostics;

namespace ClusterTrail.EndToEnd.Webhook;

/// <summary>A file system of a few megabytes in a folder. It takes who may mount: others skip the test.</summary>
sealed class SmallDisk : IDisposable
{
    readonly string path;

    SmallDisk(string path) => this.path = path;

    public static SmallDisk Mount(string path)
    {
        Directory.CreateDirectory(path);
        if (Run("mount", "-t", "tmpfs", "-o", "size=4m,mode=0700", "tmpfs", path) is { } problem)
            Assert.Skip($"No file system can be mounted here: {problem}");
        return new(path);
    }

    /// <summary>There is room again.</summary>
    public void Grow() => Assert.Null(Run("mount", "-o", "remount,size=512m", path));

    public void Dispose() => Run("umount", "--lazy", path);

    // What went wrong; null if nothing did.
    static string? Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            var problem = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : problem.Trim();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return e.Message;
        }
    }
}
