using System.ComponentModel;
using System.Diagnostics;

namespace ClusterTrail.Kubernetes.Connecting;

/// <summary>How a credential plugin is called.</summary>
sealed class ExecCommand
{
    const int LongestComplaint = 300;
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public required string Command { get; init; }
    public required IReadOnlyList<string> Arguments { get; init; }
    public required IReadOnlyList<KeyValuePair<string, string>> Variables { get; init; }
    public required string Version { get; init; }

    /// <summary>What KUBERNETES_EXEC_INFO says.</summary>
    public required string Info { get; init; }

    public string? InstallHint { get; init; }

    public ConnectionException Wrong(string problem, Exception? inner = null) => new($"The credential plugin {Command} {problem}.", inner);

    /// <returns>What it wrote to its standard output.</returns>
    /// <exception cref="ConnectionException">It cannot be started, failed, or did not end.</exception>
    public async Task<string> RunAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var process = Start();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(either.Token);
            var complaint = process.StandardError.ReadToEndAsync(either.Token);
            await process.WaitForExitAsync(either.Token);
            if (process.ExitCode != 0)
                throw Wrong($"exited with {process.ExitCode}{Quote(await complaint)}");
            return await output;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Wrong($"did not end within {Limit.TotalSeconds} s", e);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    Process Start()
    {
        var start = new ProcessStartInfo(Command, Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Variables)
            start.Environment[name] = value;
        start.Environment["KUBERNETES_EXEC_INFO"] = Info;
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception e)
        {
            throw Wrong($"cannot be started: {e.Message}{(InstallHint is null ? "" : $". {InstallHint.Trim().TrimEnd('.')}")}", e);
        }
    }

    // What it writes there is meant for people; what it writes to its standard output is secret.
    static string Quote(string complaint)
    {
        var text = complaint.Trim().TrimEnd('.');
        return text.Length == 0 ? "" : $": {(text.Length > LongestComplaint ? text[^LongestComplaint..] : text)}";
    }
}
