using System.Diagnostics;

namespace ClusterTrail.Testing;

/// <summary>A control group as a kubelet makes one for a container, and processes in it.</summary>
public sealed class ContainerCgroup : IDisposable
{
    const string Version1 = "/sys/fs/cgroup/pids";
    const string Version2 = "/sys/fs/cgroup";

    readonly string root = Directory.Exists(Version1) ? Version1 : Version2;
    readonly string parent = $"clustertrail-{Guid.NewGuid():N}";

    ContainerCgroup(string podUid)
    {
        PodUid = podUid;
        Directory.CreateDirectory(Folder);
    }

    public string Id { get; } = $"{Guid.NewGuid():N}{Guid.NewGuid():N}";

    public string PodUid { get; }

    string Folder => Path.Combine(root, parent, "kubepods", "burstable", $"pod{PodUid}", Id);

    /// <exception cref="MissingPartException">This user may not make one.</exception>
    /// <param name="podUid">That of its pod; by default of one that nobody knows.</param>
    public static ContainerCgroup Create(string? podUid = null)
    {
        try
        {
            return new(podUid ?? Guid.NewGuid().ToString());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MissingPartException($"A control group cannot be made here: {e.Message} Run the tests as root.");
        }
    }

    // Who was left behind is killed; it is gone a moment later.
    void End()
    {
        for (var attempt = 0; attempt < 100 && File.ReadAllLines(Path.Combine(Folder, "cgroup.procs")) is { Length: > 0 } left; attempt++)
        {
            using var kill = Process.Start("kill", ["-KILL", .. left]);
            kill.WaitForExit();
            Thread.Sleep(20);
        }
    }

    /// <summary>Starts a shell that enters the control group and then runs a script.</summary>
    public Process Start(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])
            ["-c", $"echo $$ > {Path.Combine(Folder, "cgroup.procs")} || exit 99\n{script}", "sh", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    public void Dispose()
    {
        End();
        // A control group is a folder of files that nobody can delete: only the folders, from the inside out.
        for (var folder = Folder; folder != root; folder = Path.GetDirectoryName(folder)!)
        {
            Directory.Delete(folder);
        }
    }
}
