using System.Diagnostics;
using System.Globalization;
using System.Text;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Nodes;

namespace ClusterTrail.EndToEnd.Operator;

/// <summary>An agent as a process in a mount namespace of its own. It ends with this process, however this one ends.</summary>
sealed class PodProcess : IPodProcess
{
    readonly Process process;
    readonly ProcessVolumes volumes;
    readonly string log;
    PodExit? crashed;

    PodProcess(Process process, ProcessVolumes volumes, string log) => (this.process, this.volumes, this.log) = (process, volumes, log);

    public PodExit? Exit => process.HasExited ? crashed ?? PodExit.Of(process.ExitCode) : null;

    /// <summary>The capabilities that it has, as the kernel writes them: hexadecimal, a bit for each.</summary>
    public string EffectiveCapabilities =>
        File.ReadLines($"/proc/{process.Id}/status").Single(line => line.StartsWith("CapEff:", StringComparison.Ordinal))[7..].Trim();

    public string Output => File.Exists(log) ? File.ReadAllText(log) : "";

    public static PodProcess Start(PodLaunch launch, Func<PodVolume, string> pathOf, ProcessVolumes volumes, string log)
    {
        string[] inItsNamespace = ["unshare", "--mount", "bash", "-c", Script(launch, pathOf), "agent", .. launch.Arguments];
        var start = new ProcessStartInfo("bash", [ToolScript.PathOf("lib/owned.sh"), log, .. inItsNamespace])
        {
            RedirectStandardInput = true, // it ends when this does
        };
        foreach (var (name, value) in launch.Environment)
            start.Environment[name] = value;
        return new(Process.Start(start)!, volumes, log);
    }

    public void Refresh(IReadOnlyList<PodVolume> changed) => volumes.Write(changed);

    public void Terminate() => Signal("TERM");

    public void Kill() => Signal("KILL");

    public void Crash(PodExit exit)
    {
        crashed = exit;
        Kill();
    }

    // There is one network only. A frozen process answers nobody either; it also does nothing else.
    public Task CutAsync() => SignalAsync("STOP");

    public Task MendAsync() => SignalAsync("CONT");

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            Kill();
        await process.WaitForExitAsync();
        await process.StandardInput.DisposeAsync();
        process.Dispose();
    }

    static string Script(PodLaunch launch, Func<PodVolume, string> pathOf)
    {
        var script = new StringBuilder("set -e; ");
        foreach (var (volume, path, isReadOnly) in launch.Mounts)
        {
            // The host's own /tmp holds this test's files.
            if (path == "/tmp")
                continue;
            script.Append(CultureInfo.InvariantCulture, $"mkdir -p '{path}'; mount --bind '{pathOf(volume)}' '{path}'; ");
            if (isReadOnly)
                script.Append(CultureInfo.InvariantCulture, $"mount -o remount,ro,bind '{path}'; ");
        }

        var program = Path.Combine(AppContext.BaseDirectory, "clustertrail-agent.dll");
        return script.Append(CultureInfo.InvariantCulture, $"exec {Limits(launch)}dotnet exec '{program}' \"$@\"").ToString();
    }

    // As a container runtime does it: root has what is in the bounding set, and no more by executing anything.
    static string Limits(PodLaunch launch)
    {
        if (launch.Capabilities is not { } named)
            return "";
        var set = string.Concat(named.Select(name => $",+{name.ToLowerInvariant()}"));
        return $"setpriv --no-new-privs --inh-caps=-all{set} --bounding-set=-all{set} ";
    }

    Task SignalAsync(string name)
    {
        Signal(name);
        return Task.CompletedTask;
    }

    void Signal(string name)
    {
        if (process.HasExited)
            return;
        using var kill = Process.Start("bash", ["-c", $"kill -{name} {process.Id} 2>/dev/null || true"]);
        kill.WaitForExit();
    }
}
