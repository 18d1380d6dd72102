using System.Diagnostics;

namespace ClusterTrail.Agent.Tests.Sinks;

/// <summary>A file system of its own, in memory; the test is skipped where it cannot be mounted.</summary>
sealed class SmallVolume : IDisposable
{
    SmallVolume(string path) => Path = path;

    public string Path { get; }

    public static SmallVolume Mount(string path, string options)
    {
        Directory.CreateDirectory(path);
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", path), "A tmpfs can be mounted by root only.");
        return new(path);
    }

    public void Dispose() => Run("umount", Path);

    static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
