using ClusterTrail.Testing;

namespace ClusterTrail.EndToEnd.Operator;

/// <summary>The operator as a process, under its own service account's token.</summary>
sealed class OperatorProcess : IDisposable
{
    readonly ServerProcess process;

    OperatorProcess(ServerProcess process, Uri url) => (this.process, Url) = (process, url);

    public Uri Url { get; }

    public static async Task<OperatorProcess> StartAsync(
        string kubeconfig, string @namespace, string folder, ServerLogs logs, CancellationToken cancellationToken)
    {
        var url = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var process = ServerProcess.Start(
            "dotnet",
            [
                "exec", Path.Combine(AppContext.BaseDirectory, "clustertrail-operator.dll"), "run", "--namespace", @namespace,
                "--agent-image", "clustertrail-agent:test", "--listen", url.Authority, "--poll-seconds", "1", "--kubeconfig", kubeconfig,
            ],
            folder,
            logs);
        await process.WaitUntilReadyAsync(new Uri(url, "readyz"), cancellationToken);
        return new(process, url);
    }

    public void Kill() => process.Kill();

    public void Dispose() => process.Dispose();
}
