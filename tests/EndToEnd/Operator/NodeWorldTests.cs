using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;
using ClusterTrail.Testing.Nodes;

namespace ClusterTrail.EndToEnd.Operator;

/// <summary>The double of nodes on a real API server, with processes as pods. tests/Nodes.Tests has what it does in memory.</summary>
[Requires(Requires.Cluster)]
public sealed class NodeWorldTests : IAsyncDisposable
{
    const string Namespace = "audit";
    const int Port = 9808;

    OperatedCluster? cluster;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    KubectlUser Admin => cluster!.Admin;

    NodeWorld Nodes => cluster!.Nodes;

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null)
            await cluster.DisposeAsync();
    }

    [Fact]
    public async Task AgentsOfTwoNodesRunAsPodsUntilTheirDaemonSetGoes()
    {
        cluster = await OperatedCluster.StartAsync();
        await StartAsync();
        await HaveAsync("2 2 2 0");

        // Both listen on the same port, each on its pod's address, and keep their state on their own node.
        Assert.Equal(["cp-1", "cp-2"], (await StatusesAsync()).Select(status => (string?)status["agent"]!["nodeName"]).Order());
        await AChangedConfigMapReachesTheProcessesAsync();
        await ACrashIsARestartAsync();
        await ADeletedPodEndsInGoodOrderAndAnotherComesAsync();
        await AnotherTemplateReplacesAllAsync();
        await Admin.RunAsync(["delete", "daemonset", "agents", "-n", Namespace], Cancellation);

        await Eventually.HoldsAsync(
            "no pod is left", async () => (await Nodes.PodsAsync(Namespace, Cancellation)).Count == 0, Cancellation);
        Assert.Empty(Nodes.ProcessesOf("cp-1"));
        Assert.Null(Nodes.Trouble);
    }

    async Task StartAsync()
    {
        await Admin.RunAsync(["create", "namespace", Namespace], Cancellation);
        Directory.CreateDirectory(cluster!.Join("log"));
        await File.WriteAllTextAsync(cluster!.Join("log/audit.log"), "", Cancellation);
        await ApplyConfigurationAsync("""{"ruleSets": [{"name": "main", "rules": [{"level": "Metadata"}]}]}""");
        await ApplyDaemonSetAsync("1");
        await cluster!.StartNodesAsync(
            async nodes =>
            {
                await nodes.AddControlPlaneNodeAsync("cp-1", Cancellation);
                await nodes.AddControlPlaneNodeAsync("cp-2", Cancellation);
            },
            "/var/lib/agent");
    }

    async Task AChangedConfigMapReachesTheProcessesAsync()
    {
        const string selectors = """{"ruleSets": [{"name": "main", "rules": [{"level": "Request"}]}]}""";
        await ApplyConfigurationAsync(selectors);

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(selectors)));
        await Eventually.HoldsAsync(
            "both have the new selectors",
            async () => (await StatusesAsync()).All(status => (string?)status["selectors"]!["hash"] == hash),
            Cancellation);
    }

    async Task ACrashIsARestartAsync()
    {
        Nodes.Crash("cp-1", oomKilled: true);

        const string states =
            "{range .items[*].status.containerStatuses[*]}{.restartCount}{.lastState.terminated['reason', 'exitCode']} {end}";
        await Eventually.HoldsAsync(
            "one has restarted",
            async () =>
            {
                var reported = await Admin.RunAsync(["get", "pods", "-n", Namespace, "-o", $"jsonpath={states}"], Cancellation);
                return reported.Trim().Split(' ').Order(StringComparer.Ordinal).SequenceEqual(["0", "137", "1OOMKilled"]);
            },
            Cancellation);
        await HaveAsync("2 2 2 0");
    }

    async Task ADeletedPodEndsInGoodOrderAndAnotherComesAsync()
    {
        var before = (await Nodes.PodsAsync(Namespace, Cancellation))[0];

        await Admin.RunAsync(["delete", "pod", before.Metadata.Name, "-n", Namespace], Cancellation);
        await HaveAsync("2 2 2 0");

        Assert.DoesNotContain(await Nodes.PodsAsync(Namespace, Cancellation), pod => pod.Metadata.Uid == before.Metadata.Uid);
        var reported = await Admin.RunAsync(
            [
                "get", "events.events.k8s.io", "-n", Namespace,
                "-o", $"jsonpath={{range .items[?(@.regarding.name==\"{before.Metadata.Name}\")]}}{{.note}};{{end}}",
            ],
            Cancellation);
        Assert.Contains("Stopping container agent;", reported, StringComparison.Ordinal);
        Assert.Contains($"Successfully assigned {Namespace}/{before.Metadata.Name} to ", reported, StringComparison.Ordinal);
    }

    async Task AnotherTemplateReplacesAllAsync()
    {
        var before = (await Nodes.PodsAsync(Namespace, Cancellation)).Select(pod => pod.Metadata.Uid).ToHashSet();

        await ApplyDaemonSetAsync("2");

        await Eventually.HoldsAsync(
            "all are others",
            async () => await Nodes.PodsAsync(Namespace, Cancellation) is { Count: 2 } pods
                && !pods.Any(pod => before.Contains(pod.Metadata.Uid)),
            Cancellation);
        await HaveAsync("2 2 2 0");
    }

    async Task HaveAsync(string numbers)
    {
        const string status =
            "{.status.desiredNumberScheduled} {.status.updatedNumberScheduled} {.status.numberAvailable} {.status.numberMisscheduled}";
        try
        {
            await Eventually.HoldsAsync(
                $"the DaemonSet has {numbers}",
                async () => numbers
                    == await Admin.RunAsync(["get", "daemonset", "agents", "-n", Namespace, "-o", $"jsonpath={status}"], Cancellation),
                Cancellation);
        }
        catch (TimeoutException e)
        {
            var output = string.Concat(Nodes.ProcessesOf("cp-1").Concat(Nodes.ProcessesOf("cp-2")).Select(one => one.Process.Output));
            var there = await Admin.RunAsync(["get", "daemonsets,pods,events.events.k8s.io", "-n", Namespace, "-o", "yaml"], Cancellation);
            throw new TimeoutException($"{e.Message}\n{Nodes.Trouble}\n{output}\n{there}");
        }
    }

    async Task<IReadOnlyList<JsonNode>> StatusesAsync()
    {
        using var http = new HttpClient();
        var statuses = new List<JsonNode>();
        foreach (var pod in await Nodes.PodsAsync(Namespace, Cancellation))
            statuses.Add(JsonNode.Parse(await http.GetStringAsync($"http://{pod.Status!["podIP"]}:{Port}/status", Cancellation))!);
        return statuses;
    }

    Task<string> ApplyConfigurationAsync(string selectors)
    {
        var agent = new JsonObject
        {
            ["clusterName"] = "test",
            ["trail"] = "main",
            ["stateDirectory"] = "/var/lib/agent/state",
            ["sources"] = new JsonArray(new JsonObject
            {
                ["name"] = "apiserver",
                ["type"] = "LogFile",
                ["logFile"] = new JsonObject { ["path"] = cluster!.Join("log/audit.log") },
            }),
            ["selectors"] = "selectors.json",
            ["sink"] = JsonNode.Parse("""{"type": "Directory", "directory": {"path": "/var/lib/agent/archive"}}"""),
            ["telemetry"] = new JsonObject { ["listen"] = $"0.0.0.0:{Port}" },
        };
        var map = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = "agent", ["namespace"] = Namespace },
            ["data"] = new JsonObject { ["agent.json"] = agent.ToJsonString(), ["selectors.json"] = selectors },
        };
        return Admin.ApplyAsync(map.ToJsonString(), Cancellation);
    }

    Task<string> ApplyDaemonSetAsync(string revision) => Admin.ApplyAsync(
        $$$$"""
        {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "agents", "namespace": "{{{{Namespace}}}}"}, "spec": {
          "selector": {"matchLabels": {"app": "agent"}},
          "template": {"metadata": {"labels": {"app": "agent"}, "annotations": {"revision": "{{{{revision}}}}"}}, "spec": {
            "nodeSelector": {"{{{{NodeWorld.ControlPlane}}}}": ""},
            "tolerations": [{"key": "{{{{NodeWorld.ControlPlane}}}}", "operator": "Exists"}],
            "containers": [{
              "name": "agent", "image": "agent:1", "args": ["run", "--config", "/etc/agent/agent.json"],
              "env": [{"name": "NODE_NAME", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}],
              "startupProbe": {"httpGet": {"path": "/healthz", "port": {{{{Port}}}} }, "periodSeconds": 1, "failureThreshold": 60},
              "readinessProbe": {"httpGet": {"path": "/readyz", "port": {{{{Port}}}} } },
              "volumeMounts": [{"name": "config", "mountPath": "/etc/agent", "readOnly": true},
                {"name": "state", "mountPath": "/var/lib/agent"},
                {"name": "log", "mountPath": "{{{{cluster!.Join("log")}}}}", "readOnly": true}]
            }],
            "volumes": [{"name": "config", "configMap": {"name": "agent"}},
              {"name": "state", "hostPath": {"path": "/var/lib/agent", "type": "DirectoryOrCreate"}},
              {"name": "log", "hostPath": {"path": "{{{{cluster!.Join("log")}}}}", "type": "Directory"}}]
          }}
        }}
        """,
        Cancellation);
}
