using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ClusterTrail.Contract;

namespace ClusterTrail.Testing;

/// <summary>The agent as a process of its own, on a free port.</summary>
public sealed partial class AgentProcess : IDisposable
{
    readonly Process process;
    readonly TaskCompletionSource<Uri> url = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Queue<string> output = new();

    AgentProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => url.TrySetException(new InvalidOperationException($"The agent ended.\n{Output}"));
        // Nobody may wait for it.
        _ = url.Task.Exception;
    }

    /// <summary>The agent to run, when it is not what the tests are built with: what ships is compiled ahead of time.</summary>
    public static string? Published { get; set; }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public string Output
    {
        get
        {
            lock (output)
            {
                return string.Join('\n', output);
            }
        }
    }

    /// <summary>Where it serves /metrics and the others, once it does.</summary>
    public Task<Uri> Url => url.Task;

    public static AgentProcess Start(string folder, AgentConfiguration configuration, params string[] environment)
    {
        var config = Path.Combine(folder, "agent.json");
        File.WriteAllBytes(config, Contracts.Write(configuration));
        return Start(config, environment);
    }

    public static AgentProcess Start(string config, params string[] environment)
    {
        string[] arguments = ["run", "--config", config];
        var start = Published is { } program
            ? new ProcessStartInfo(program, arguments)
            : new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "clustertrail-agent.dll"), .. arguments]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        foreach (var variable in environment)
        {
            var parts = variable.Split('=', 2);
            start.Environment[parts[0]] = parts[1];
        }

        var agent = new AgentProcess(new Process { StartInfo = start });
        agent.process.Start();
        agent.process.BeginOutputReadLine();
        agent.process.BeginErrorReadLine();
        return agent;
    }

    /// <summary>SIGKILL: nothing is flushed or reported.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>SIGTERM, and the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        return await WaitAsync();
    }

    public async Task<int> WaitAsync()
    {
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        process.WaitForExit();
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            Kill();
        }

        process.Dispose();
    }

    void Note(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (output)
        {
            output.Enqueue(line);
            if (output.Count > 200)
            {
                output.Dequeue();
            }
        }

        if (Telemetry().Match(line) is { Success: true } match)
        {
            url.TrySetResult(new Uri(match.Groups[1].Value));
        }
    }

    [GeneratedRegex(@"telemetry at (http://\S+)\.$")]
    private static partial Regex Telemetry();
}
