using System.Globalization;
using ClusterTrail.Testing;

namespace ClusterTrail.EndToEnd.Operator;

/// <summary>The operator as a process, under its own service account's token.</summary>
sealed class OperatorProcess : IDisposable
{
    readonly ServerProcess process;

    OperatorProcess(ServerProcess process, Uri url) => (this.process, Url) = (process, url);

    public Uri Url { get; }

    /// <summary>The most memory that it has had so far.</summary>
    public double PeakMegabytes => File.ReadLines($"/proc/{process.Id}/status")
        .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Select(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024)
        .Single();

    public bool HasExited => process.HasExited;

    public static async Task<OperatorProcess> StartAsync(
        string kubeconfig, string @namespace, string folder, ServerLogs logs, CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string>? environment = null, params IReadOnlyList<string> arguments)
    {
        var url = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var process = ServerProcess.Start(
            "dotnet",
            [
                "exec", Path.Combine(AppContext.BaseDirectory, "clustertrail-operator.dll"), "run", "--namespace", @namespace,
                "--agent-image", "clustertrail-agent:test", "--listen", url.Authority, "--poll-seconds", "1", "--kubeconfig", kubeconfig,
                .. arguments,
            ],
            folder,
            logs,
            environment);
        await process.WaitUntilReadyAsync(new Uri(url, "readyz"), cancellationToken);
        return new(process, url);
    }

    public void Kill() => process.Kill();

    public void Dispose() => process.Dispose();
}
