using System.Diagnostics;

namespace ClusterTrail.Testing;

/// <summary>One process of a server. It ends with this process, however this one ends, SIGKILL included.</summary>
public sealed class ServerProcess : IDisposable
{
    static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    readonly Process process;
    readonly ServerLogs logs;

    ServerProcess(Process process, ServerLogs logs) => (this.process, this.logs) = (process, logs);

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <param name="folder">Where it works.</param>
    /// <param name="logs">What it prints goes to a file there, named like the command.</param>
    public static ServerProcess Start(
        string command,
        IEnumerable<string> arguments,
        string folder,
        ServerLogs logs,
        IEnumerable<KeyValuePair<string, string>>? environment = null)
    {
        var log = logs.Join($"{Path.GetFileName(command)}.log");
        var start = new ProcessStartInfo("bash", [ToolScript.PathOf("lib/owned.sh"), log, command, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true, // it ends when this does
        };
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        return new(Process.Start(start)!, logs);
    }

    /// <summary>Waits until the URL answers with success.</summary>
    /// <exception cref="ServerFailedException">It ended, or did not answer in a minute.</exception>
    public async Task WaitUntilReadyAsync(Uri url, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        await WaitUntilReadyAsync(
            async stopping =>
            {
                using var answer = await http.GetAsync(url, stopping);
                return answer.IsSuccessStatusCode;
            },
            cancellationToken);
    }

    /// <summary>Waits until the predicate holds; that it fails to connect, or times out, is "not yet".</summary>
    /// <exception cref="ServerFailedException">It ended, or was not ready in a minute.</exception>
    public async Task WaitUntilReadyAsync(Func<CancellationToken, Task<bool>> ready, CancellationToken cancellationToken)
    {
        for (var since = Stopwatch.StartNew(); !await HoldsAsync(ready, cancellationToken);)
        {
            if (HasExited)
                throw Failed($"ended with exit code {process.ExitCode} before it was ready");
            if (since.Elapsed > Timeout)
                throw Failed($"was not ready after {Timeout.TotalSeconds:0} s");
            await Task.Delay(Pause, cancellationToken);
        }

        // Whoever else has the port may have been the one who answered.
        if (HasExited)
            throw Failed($"ended with exit code {process.ExitCode}");
    }

    /// <summary>It accepts connections and never answers.</summary>
    public void Freeze() => Signal("STOP");

    public void Thaw() => Signal("CONT");

    /// <summary>SIGTERM: it is asked to stop.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>SIGKILL: nothing is flushed, connections are refused.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited)
            Kill();
        process.Dispose();
    }

    async Task<bool> HoldsAsync(Func<CancellationToken, Task<bool>> ready, CancellationToken cancellationToken)
    {
        using var asking = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            // Whoever else has its port may take a question and never answer.
            var answer = ready(asking.Token);
            await Task.WhenAny(answer, process.WaitForExitAsync(asking.Token));
            await asking.CancelAsync();
            return await answer;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException
            && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    ServerFailedException Failed(string how)
    {
        var failed = new ServerFailedException($"{process.StartInfo.ArgumentList[2]} {how}. {logs.Tail()}");
        if (!failed.IsPortTaken)
            logs.Keep();
        return failed;
    }

    void Signal(string name)
    {
        using var kill = Process.Start("bash", ["-c", $"kill -{name} {process.Id}"]);
        kill.WaitForExit();
    }
}
