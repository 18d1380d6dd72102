using System.Diagnostics;
using System.Globalization;
using System.Text;
using ClusterTrail.History.Reading;
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
        return script.Append(CultureInfo.InvariantCulture, $"exec dotnet exec '{program}' \"$@\"").ToString();
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
