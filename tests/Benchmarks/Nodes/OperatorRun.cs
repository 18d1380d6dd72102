using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.Benchmarks.Nodes;

/// <summary>The published operator as a process, with the heap that it would have in its container.</summary>
sealed class OperatorRun : IDisposable
{
    const string UserAgent = "clustertrail-operator/";

    readonly TemporaryFolder folder;
    readonly ServerProcess process;

    OperatorRun(TemporaryFolder folder, ServerProcess process) => (this.folder, this.process) = (folder, process);

    public bool HasExited => process.HasExited;

    public double PeakMegabytes => CpuTime.Megabytes(process.Id, "VmHWM:");

    public double Megabytes => CpuTime.Megabytes(process.Id, "VmRSS:");

    public double CpuSeconds => CpuTime.OfProcess(process.Id);

    public static async Task<OperatorRun> StartAsync(ClusterServer cluster)
    {
        var folder = new TemporaryFolder();
        var listen = $"127.0.0.1:{FreePort.Next()}";
        var process = ServerProcess.Start(
            Environment.GetEnvironmentVariable("CLUSTERTRAIL_OPERATOR")!,
            [
                "run", "--namespace", SimulatedCluster.Namespace, "--agent-image", "agent:1", "--workloads", "--listen", listen,
                "--kubeconfig", cluster.Admin.Kubeconfig,
            ],
            folder.Path, cluster.Logs, OperatorMemory.Environment);
        await process.WaitUntilReadyAsync(new Uri($"http://{listen}/readyz"), default);
        return new(folder, process);
    }

    /// <summary>How many requests operators have sent to the API server so far.</summary>
    public static int Requests(ClusterServer cluster) =>
        Directory.GetFiles(Path.GetDirectoryName(cluster.AuditLog)!).SelectMany(File.ReadLines)
            .Count(line => line.Contains(UserAgent, StringComparison.Ordinal));

    public void Stop() => process.Terminate();

    public void Dispose()
    {
        process.Dispose();
        folder.Dispose();
    }
}
