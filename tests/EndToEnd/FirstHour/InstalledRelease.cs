using System.Diagnostics;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.EndToEnd.FirstHour;

/// <summary>Helm as one user, and the chart's one release.</summary>
sealed class InstalledRelease(string helm, KubectlUser user, string @namespace, string home)
{
    static readonly string Chart = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ToolScript.PathOf("helm.sh"))!, "..", "charts", "clustertrail"));

    public Task InstallAsync(params string[] options) => RunAsync(["install", "clustertrail", Chart, .. options]);

    public Task UpgradeAsync(params string[] options) => RunAsync(["upgrade", "clustertrail", Chart, .. options]);

    public Task RollBackAsync(string revision) => RunAsync(["rollback", "clustertrail", revision]);

    public Task UninstallAsync() => RunAsync(["uninstall", "clustertrail"]);

    async Task RunAsync(string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(helm, [.. arguments, "--namespace", @namespace, "--kubeconfig", user.Kubeconfig])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["HELM_CACHE_HOME"] = home, ["HELM_CONFIG_HOME"] = home, ["HELM_DATA_HOME"] = home },
        })!;
        _ = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"helm {arguments[0]}: {error}");
    }
}
