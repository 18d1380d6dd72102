using System.Text.Json.Nodes;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.EndToEnd.Operator;

/// <summary>What containers write, from a Trail to an archive: a real API server, the operator, and agents as the DaemonSet starts them.</summary>
[Requires(Requires.Cluster, Requires.Helm)]
public sealed class WorkloadsTests : IAsyncDisposable
{
    const string Namespace = OperatedCluster.Namespace;
    const string Node = "worker";
    const string Pods = "/var/log/pods";
    const string Archive = "/var/lib/archive";

    OperatedCluster? cluster;
    int written;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    KubectlUser Admin => cluster!.Admin;

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null)
            await cluster.DisposeAsync();
    }

    [Fact]
    public async Task WhatContainersWriteIsArchivedByNamespaceAndLabel()
    {
        cluster = await OperatedCluster.StartAsync();
        await cluster.InstallAsync(hasWorkloads: true);
        await StartNodesAsync();
        foreach (var name in new[] { "shop", "bank" })
            await cluster.CreateNamespaceAsync(name);

        // The first lines are there before the agent is, and before anybody knows the pod's labels.
        var cart = await cluster.CreatePodAsync("shop", "cart-0", Node, "cart");
        var other = await cluster.CreatePodAsync("shop", "other-0", Node, "other");
        Write("shop", "cart-0", cart, """{"level":"error","text":"first"}""");
        Write("shop", "other-0", other, "of another pod");
        await Admin.ApplyAsync(TrailManifest(Asked()), Cancellation);
        await cluster.UntilAsync("it is ready", async () => await cluster.ColumnAsync("""{.status.conditions[?(@.type=="Ready")].status}""") == "True");

        // A pod that is gone before the operator has sent its labels.
        var brief = await cluster.CreatePodAsync("shop", "brief-0", Node, "cart");
        Write("shop", "brief-0", brief, "of three seconds");
        await Task.Delay(TimeSpan.FromSeconds(1.5), Cancellation); // longer than the agent's interval
        await Admin.RunAsync(["delete", "pod", "brief-0", "-n", "shop", "--force", "--grace-period=0"], Cancellation);
        Directory.Delete(PodFolder("shop", "brief-0", brief), recursive: true);

        // A team asks for its own namespace; a link from there to another's log is not followed.
        var vault = await cluster.CreatePodAsync("bank", "vault-0", Node, "vault");
        Write("bank", "vault-0", vault, "of a team");
        await Admin.ApplyAsync(TeamManifest(), Cancellation);
        File.CreateSymbolicLink($"{PodFolder("bank", "vault-0", vault)}/app/1.log", $"{PodFolder("shop", "other-0", other)}/app/0.log");
        await cluster.UntilAsync("three lines are recorded", async () => await cluster.ColumnAsync("{.status.workloads.lines}") == "3");
        Assert.Equal("1/1", await cluster.ColumnAsync("{.status.workloads.summary}"));

        // Nothing asks any more: what is held is delivered before the agents go.
        await Admin.RunAsync(["delete", "trailselector", "team", "-n", "bank"], Cancellation);
        await Admin.RunAsync(["patch", "trail", "main", "--type=merge", "--patch", """{"spec": {"workloads": []}}"""], Cancellation);
        await cluster.UntilAsync("the agents are gone", async () => (await Admin.RunAsync(
            ["get", "daemonset", "clustertrail-main-workloads", "-n", Namespace, "--ignore-not-found"], Cancellation)).Length == 0);
        Assert.Equal(
            [
                """bank/vault-0 "of a team" """.Trim(), """shop/brief-0 "of three seconds" """.Trim(),
                """shop/cart-0 {"level":"error","text":"first"}""",
            ],
            Recorded());
    }

    IEnumerable<string> Recorded() =>
        from record in ArchivedRecords.OfFolder(cluster!.Runtime.PathOf(Node, Archive))
        where record.GetProperty("eventCategory").GetString() == "Workload"
        let output = record.GetProperty("event")
        let container = output.GetProperty("container")
        let line = $"{container.GetProperty("namespace")}/{container.GetProperty("pod")} {output.GetProperty("message").GetRawText()}"
        orderby line
        select line;

    async Task StartNodesAsync()
    {
        await cluster!.StartNodesAsync(
            async nodes =>
            {
                await nodes.AddNodeAsync(Node, taints: ["dedicated=gpu:NoSchedule"], cancellationToken: Cancellation);
                // The Trail's own agent: without one it is not ready. Its log is this cluster's.
                await nodes.AddControlPlaneNodeAsync("cp-1", Cancellation);
            },
            Pods, Archive);
        Directory.CreateDirectory(cluster.Runtime.PathOf(Node, Pods));
    }

    string PodFolder(string @namespace, string pod, string uid) => $"{cluster!.Runtime.PathOf(Node, Pods)}/{@namespace}_{pod}_{uid}";

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
                    ["logFile"] = new JsonObject { ["path"] = cluster!.Cluster.Server!.AuditLog },
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
}
