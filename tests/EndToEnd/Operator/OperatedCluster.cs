using System.Diagnostics;
using ClusterTrail.EndToEnd.FirstHour;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;
using ClusterTrail.Testing.Nodes;

namespace ClusterTrail.EndToEnd.Operator;

/// <summary>A real API server, and what a test puts into it: the chart, the operator as a process, nodes whose pods are processes.</summary>
sealed class OperatedCluster : IAsyncDisposable
{
    public const string Namespace = "clustertrail-system";

    // Where Trails keep their agents' state unless they say otherwise. Two clusters on this machine must not share it.
    static readonly string[] StateFolders = ["/var/lib/clustertrail", "/var/lib/clustertrail-workloads"];

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    readonly TemporaryFolder folder = new("/var/tmp");
    PartsOfCluster? parts;
    NodeWorld? nodes;
    ProcessRuntime? runtime;
    OperatorProcess? theOperator;

    OperatedCluster(TestCluster cluster) => Cluster = cluster;

    public TestCluster Cluster { get; }

    public KubectlUser Admin => Cluster.Admin;

    public NodeWorld Nodes => nodes!;

    public ProcessRuntime Runtime => runtime!;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Skips the test where there can be none: not as root, or without a part that cannot be installed.</summary>
    public static async Task<OperatedCluster> StartAsync()
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("The agents' mounts are real ones, which only root can make; this test is not run as root.");
        return new(await TestCluster.StartOwnAsync(new(), Cancellation).OrSkipAsync());
    }

    /// <summary>A path in a folder that ends with this.</summary>
    public string Join(string path) => folder.Join(path);

    /// <summary>Installs the chart, and runs the operator as its service account.</summary>
    /// <param name="hasWorkloads">Whether Trails may have agents on all nodes.</param>
    public async Task InstallAsync(bool hasWorkloads = false)
    {
        var helm = await Part.Helm.PathOfAsync("helm", Cancellation).OrSkipAsync();
        string[] options = hasWorkloads ? ["--set", "workloads.enabled=true"] : [];
        await new InstalledRelease(helm, Admin, Namespace, folder.Path).InstallAsync(["--create-namespace", .. options]);
        await Admin.WaitForKindsAsync(["crd/trails.clustertrail.io", "crd/trailselectors.clustertrail.io"], Cancellation);
        var own = await Cluster.AsServiceAccountAsync(Namespace, "clustertrail-operator", Cancellation);
        theOperator = await OperatorProcess.StartAsync(
            own.Kubeconfig, Namespace, folder.Path, Cluster.Logs, Cancellation, null, hasWorkloads ? ["--workloads"] : []);
    }

    /// <summary>Starts nodes, for pods that there are and that come.</summary>
    /// <param name="add">Adds the nodes.</param>
    /// <param name="ownFolders">Folders that each node has its own of, beside those of agents' state.</param>
    public async Task StartNodesAsync(Func<NodeWorld, Task> add, params IReadOnlyList<string> ownFolders)
    {
        runtime = new(folder.Join("nodes"), [.. StateFolders, .. ownFolders]);
        parts = await PartsOfCluster.OfAsync(Cluster, Cancellation);
        nodes = new(parts.As, options: new() { Round = TimeSpan.FromMilliseconds(300) }, runtime: runtime);
        await add(nodes);
        nodes.Start();
    }

    /// <summary>A pod of others, which the double of the nodes leaves alone.</summary>
    /// <returns>Its uid.</returns>
    public async Task<string> CreatePodAsync(string @namespace, string name, string node, string app)
    {
        await Admin.ApplyAsync(
            $$$"""
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "{{{name}}}", "namespace": "{{{@namespace}}}", "labels": {"app": "{{{app}}}"}},
             "spec": {"nodeName": "{{{node}}}", "automountServiceAccountToken": false, "containers": [{"name": "app", "image": "app:1"}]}}
            """,
            Cancellation);
        return await Admin.RunAsync(["get", "pod", name, "-n", @namespace, "-o", "jsonpath={.metadata.uid}"], Cancellation);
    }

    /// <summary>A namespace with what its pods need.</summary>
    public Task<string> CreateNamespaceAsync(string name) => Admin.ApplyAsync(
        $$$"""
        {"apiVersion": "v1", "kind": "List", "items": [
          {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "{{{name}}}"}},
          {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": "{{{name}}}"}}
        ]}
        """,
        Cancellation);

    /// <summary>What a JSON path of the Trail <c>main</c> says.</summary>
    public async Task<string> ColumnAsync(string path) => (await Admin.TryAsync(
        ["get", "trail", "main", "-o", $"jsonpath={(path.Contains('{', StringComparison.Ordinal) ? path : $"{{{path}}}")}"],
        Cancellation)).Output;

    /// <summary>The status and the reason of a condition of the Trail <c>main</c>.</summary>
    public Task<string> ConditionAsync(string type) =>
        ColumnAsync($"{{.status.conditions[?(@.type==\"{type}\")].status}} {{.status.conditions[?(@.type==\"{type}\")].reason}}");

    public async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        for (var since = Stopwatch.StartNew(); !await holds();)
        {
            if (since.Elapsed > Patience)
                Assert.Fail($"In {Patience.TotalSeconds} s it did not come to pass that {what}.\n{await StandingAsync()}");
            await Task.Delay(200, Cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (nodes is not null)
            await nodes.DisposeAsync();
        theOperator?.Dispose();
        parts?.Dispose();
        await Cluster.DisposeAsync();
        folder.Dispose();
    }

    async Task<string> StandingAsync()
    {
        var names = nodes is null ? "" : await Admin.RunAsync(["get", "nodes", "-o", "jsonpath={.items[*].metadata.name}"], Cancellation);
        var output = names.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(name => nodes!.ProcessesOf(name))
            .Select(one => one.Process.Output);
        return $"{await Admin.RunAsync(["get", "trails", "-o", "yaml"], Cancellation)}\n{nodes?.Trouble}\n{string.Concat(output)}";
    }
}
