using System.Diagnostics;
using System.Text.Json.Nodes;
using ClusterTrail.Fixtures;
using ClusterTrail.History.Reading;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;
using ClusterTrail.Testing.Nodes;

namespace ClusterTrail.EndToEnd.Operator;

/// <summary>What containers write, from a Trail to an archive: a real API server, the operator, and agents as the DaemonSet starts them.</summary>
[Requires(Requires.Cluster, Requires.Helm)]
public sealed class WorkloadsTests : IAsyncDisposable
{
    const string Namespace = "clustertrail-system";
    const string Node = "worker";
    const string Pods = "/var/log/pods";
    const string Archive = "/var/lib/archive";

    readonly TemporaryFolder folder = new("/var/tmp");
    TestCluster? cluster;
    PartsOfCluster? parts;
    NodeWorld? nodes;
    ProcessRuntime? runtime;
    int written;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    KubectlUser Admin => cluster!.Admin;

    public async ValueTask DisposeAsync()
    {
        if (nodes is not null)
            await nodes.DisposeAsync();
        parts?.Dispose();
        if (cluster is not null)
            await cluster.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task WhatContainersWriteIsArchivedByNamespaceAndLabel()
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("The agents' mounts are real ones, which only root can make; this test is not run as root.");
        cluster = await TestCluster.StartOwnAsync(new(), Cancellation).OrSkipAsync();
        await InstallAsync();
        var own = await cluster.AsServiceAccountAsync(Namespace, "clustertrail-operator", Cancellation);
        using var theOperator = await OperatorProcess.StartAsync(
            own.Kubeconfig, Namespace, folder.Path, cluster.Logs, Cancellation, null, "--workloads");
        await StartNodesAsync();
        foreach (var name in new[] { "shop", "bank" })
            await CreateNamespaceAsync(name);

        // The first lines are there before the agent is, and before anybody knows the pod's labels.
        var cart = await CreatePodAsync("shop", "cart-0", "cart");
        var other = await CreatePodAsync("shop", "other-0", "other");
        Write("shop", "cart-0", cart, """{"level":"error","text":"first"}""");
        Write("shop", "other-0", other, "of another pod");
        await Admin.ApplyAsync(TrailManifest(Asked()), Cancellation);
        await UntilAsync("it is ready", async () => await ColumnAsync("""{.status.conditions[?(@.type=="Ready")].status}""") == "True");

        // A pod that is gone before the operator has sent its labels.
        var brief = await CreatePodAsync("shop", "brief-0", "cart");
        Write("shop", "brief-0", brief, "of three seconds");
        await Task.Delay(TimeSpan.FromSeconds(1.5), Cancellation); // longer than the agent's interval
        await Admin.RunAsync(["delete", "pod", "brief-0", "-n", "shop", "--force", "--grace-period=0"], Cancellation);
        Directory.Delete(PodFolder("shop", "brief-0", brief), recursive: true);

        // A team asks for its own namespace; a link from there to another's log is not followed.
        var vault = await CreatePodAsync("bank", "vault-0", "vault");
        Write("bank", "vault-0", vault, "of a team");
        await Admin.ApplyAsync(TeamManifest(), Cancellation);
        File.CreateSymbolicLink($"{PodFolder("bank", "vault-0", vault)}/app/1.log", $"{PodFolder("shop", "other-0", other)}/app/0.log");
        await UntilAsync("three lines are recorded", async () => await ColumnAsync("{.status.workloads.lines}") == "3");
        Assert.Equal("1/1", await ColumnAsync("{.status.workloads.summary}"));

        // Nothing asks any more: what is held is delivered before the agents go.
        await Admin.RunAsync(["delete", "trailselector", "team", "-n", "bank"], Cancellation);
        await Admin.RunAsync(["patch", "trail", "main", "--type=merge", "--patch", """{"spec": {"workloads": []}}"""], Cancellation);
        await UntilAsync("the agents are gone", async () => (await Admin.RunAsync(
            ["get", "daemonset", "clustertrail-main-workloads", "-n", Namespace, "--ignore-not-found"], Cancellation)).Length == 0);
        Assert.Equal(
            [
                """bank/vault-0 "of a team" """.Trim(), """shop/brief-0 "of three seconds" """.Trim(),
                """shop/cart-0 {"level":"error","text":"first"}""",
            ],
            Recorded());
    }

    IEnumerable<string> Recorded() =>
        from record in ArchivedRecords.OfFolder(runtime!.PathOf(Node, Archive))
        where record.GetProperty("eventCategory").GetString() == "Workload"
        let output = record.GetProperty("event")
        let container = output.GetProperty("container")
        let line = $"{container.GetProperty("namespace")}/{container.GetProperty("pod")} {output.GetProperty("message").GetRawText()}"
        orderby line
        select line;

    async Task StartNodesAsync()
    {
        runtime = new(folder.Join("nodes"), Pods, Archive, "/var/lib/clustertrail-workloads");
        Directory.CreateDirectory(runtime.PathOf(Node, Pods));
        parts = await PartsOfCluster.OfAsync(cluster!, Cancellation);
        nodes = new(parts.As, options: new() { Round = TimeSpan.FromMilliseconds(300) }, runtime: runtime);
        await nodes.AddNodeAsync(Node, taints: ["dedicated=gpu:NoSchedule"], cancellationToken: Cancellation);
        // The Trail's own agent: without one it is not ready. Its log is this cluster's.
        await nodes.AddControlPlaneNodeAsync("cp-1", Cancellation);
        nodes.Start();
    }

    // A pod of others, which the double of the nodes leaves alone.
    async Task<string> CreatePodAsync(string @namespace, string name, string app)
    {
        var pod = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = @namespace, ["labels"] = new JsonObject { ["app"] = app } },
            ["spec"] = JsonNode.Parse(
                $$"""{"nodeName": "{{Node}}", "automountServiceAccountToken": false, "containers": [{"name": "app", "image": "app:1"}]}"""),
        };
        await Admin.ApplyAsync(pod.ToJsonString(), Cancellation);
        return await Admin.RunAsync(["get", "pod", name, "-n", @namespace, "-o", "jsonpath={.metadata.uid}"], Cancellation);
    }

    Task<string> CreateNamespaceAsync(string name) => Admin.ApplyAsync(
        $$$"""
        {"apiVersion": "v1", "kind": "List", "items": [
          {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "{{{name}}}"}},
          {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": "{{{name}}}"}}
        ]}
        """,
        Cancellation);

    string PodFolder(string @namespace, string pod, string uid) => $"{runtime!.PathOf(Node, Pods)}/{@namespace}_{pod}_{uid}";

    void Write(string @namespace, string pod, string uid, string line)
    {
        var container = Directory.CreateDirectory($"{PodFolder(@namespace, pod, uid)}/app").FullName;
        File.AppendAllText($"{container}/0.log", $"2026-11-26T10:00:00.{written++:d9}Z stdout F {line}\n");
    }

    static JsonArray Asked() => JsonNode.Parse(
        """[{"namespaces": ["sho*"], "pods": {"matchLabels": {"app": "cart"}}, "output": {"format": "JSON"}}]""")!.AsArray();

    static string TeamManifest() => """
        {
          "apiVersion": "clustertrail.io/v1alpha1", "kind": "TrailSelector", "metadata": {"name": "team", "namespace": "bank"},
          "spec": {"trail": "main", "workloads": [{"output": {}}]}
        }
        """;

    string TrailManifest(JsonArray workloads) => new JsonObject
    {
        ["apiVersion"] = "clustertrail.io/v1alpha1",
        ["kind"] = "Trail",
        ["metadata"] = new JsonObject { ["name"] = "main" },
        ["spec"] = new JsonObject
        {
            ["clusterName"] = "test",
            ["sources"] = new JsonObject
            {
                ["apiServer"] = new JsonObject
                {
                    ["type"] = "LogFile",
                    ["logFile"] = new JsonObject { ["path"] = cluster!.Server!.AuditLog },
                },
            },
            ["selectorPolicy"] = new JsonObject { ["from"] = "All" },
            ["workloads"] = workloads,
            ["workloadAgent"] = new JsonObject { ["nodeSelector"] = new JsonObject { ["kubernetes.io/hostname"] = Node } },
            ["batch"] = new JsonObject { ["maxAgeSeconds"] = 1 },
            ["sink"] = new JsonObject
            {
                ["type"] = "Directory",
                ["directory"] = new JsonObject { ["type"] = "HostPath", ["hostPath"] = new JsonObject { ["path"] = Archive } },
            },
        },
    }.ToJsonString();

    async Task InstallAsync()
    {
        var helm = await Part.Helm.PathOfAsync("helm", Cancellation).OrSkipAsync();
        var chart = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ToolScript.PathOf("helm.sh"))!, "..", "charts", "clustertrail"));
        using var install = Process.Start(new ProcessStartInfo(
            helm,
            [
                "install", "clustertrail", chart, "--namespace", Namespace, "--create-namespace", "--kubeconfig", Admin.Kubeconfig,
                "--set", "workloads.enabled=true",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["HELM_CACHE_HOME"] = folder.Path, ["HELM_CONFIG_HOME"] = folder.Path, ["HELM_DATA_HOME"] = folder.Path },
        })!;
        _ = install.StandardOutput.ReadToEndAsync(Cancellation);
        var error = await install.StandardError.ReadToEndAsync(Cancellation);
        await install.WaitForExitAsync(Cancellation);
        Assert.True(install.ExitCode == 0, error);
        await Admin.RunAsync(
            ["wait", "--for=condition=Established", "crd/trails.clustertrail.io", "crd/trailselectors.clustertrail.io", "--timeout=30s"],
            Cancellation);
    }

    async Task<string> ColumnAsync(string path) =>
        (await Admin.TryAsync(["get", "trail", "main", "-o", $"jsonpath={path}"], Cancellation)).Output;

    async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        for (var since = Stopwatch.StartNew(); !await holds();)
        {
            if (since.Elapsed > TimeSpan.FromSeconds(90))
                Assert.Fail($"In 90 s it did not come to pass that {what}.\n{await StandingAsync()}");
            await Task.Delay(200, Cancellation);
        }
    }

    async Task<string> StandingAsync()
    {
        var output = string.Concat(new[] { Node }.SelectMany(node => nodes!.ProcessesOf(node)).Select(one => one.Process.Output));
        return $"{await Admin.RunAsync(["get", "trails", "-o", "yaml"], Cancellation)}\n{nodes?.Trouble}\n{output}";
    }
}
