using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.Chart.Tests;

/// <summary>The chart in a namespace of a real cluster, and nothing of it afterwards.</summary>
sealed class InstalledChart(TestCluster cluster, Helm helm, string @namespace) : IAsyncDisposable
{
    public string Namespace => @namespace;

    public KubectlUser Kubectl => cluster.Admin;

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>What Helm said at the installation.</summary>
    public string Notes { get; private set; } = "";

    public static async Task<InstalledChart> InstallAsync(TestCluster cluster, params IEnumerable<string> options)
    {
        var chart = await PrepareAsync(cluster, await cluster.CreateNamespaceAsync(Cancelled));
        try
        {
            chart.Notes = await chart.InstallAsync(options);
            return chart;
        }
        catch
        {
            await chart.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where it is to be installed.</summary>
    public static async Task<InstalledChart> PrepareAsync(TestCluster cluster, string @namespace) => new(cluster, await Helm.FindAsync(), @namespace);

    // Nothing runs pods here, so Helm does not wait for any.
    public Task<string> InstallAsync(params IEnumerable<string> options) => RunAsync("install", Helm.Release, Repository.Chart, options);

    public Task<string> UpgradeAsync(params IEnumerable<string> options) => RunAsync("upgrade", Helm.Release, Repository.Chart, options);

    public Task<string> UninstallAsync() => RunAsync("uninstall", Helm.Release, null, []);

    /// <summary>Whether the object is there.</summary>
    public async Task<bool> HasAsync(string kind, string name) =>
        (await cluster.Admin.RunAsync(["get", kind, name, "--namespace", @namespace, "--ignore-not-found", "-o", "name"], Cancelled)).Length > 0;

    public async ValueTask DisposeAsync()
    {
        await helm.TryAsync(["uninstall", Helm.Release, .. Where(), "--ignore-not-found"]);
        helm.Dispose();
        await cluster.Admin.TryAsync(["delete", "trails", "--all"], CancellationToken.None);
        await cluster.Admin.TryAsync(
            ["delete", "crd", "--ignore-not-found", "trails.clustertrail.io", "trailselectors.clustertrail.io"], CancellationToken.None);
    }

    Task<string> RunAsync(string command, string release, string? chart, IEnumerable<string> options) =>
        helm.RunAsync([command, release, .. chart is null ? Array.Empty<string>() : [chart], .. Where(), .. options]);

    IEnumerable<string> Where() => ["--kubeconfig", cluster.Admin.Kubeconfig, "--namespace", @namespace];
}
