using System.Diagnostics;
using System.Globalization;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Manifests;

namespace ClusterTrail.Benchmarks.Nodes;

/// <summary>The operator of a cluster with very many nodes: a real API server with their objects, and agents that only answer.</summary>
/// <remarks>
/// The operator has the heap that it would have in its container, and all nodes have agents that record output and processes. Measured
/// while 1 of 100 pods of teams is replaced a minute.
/// </remarks>
sealed class NodesBenchmark(SimulatedCluster cluster, SimulatedAgents agents, OperatorRun theOperator, Report report)
{
    public const int DefaultNodes = 5000;
    const int PodsOfNode = 20;

    static readonly TimeSpan Timeout = TimeSpan.FromMinutes(20);

    public static async Task<int> RunAsync(int nodes)
    {
        await using var server = await ClusterServer.StartAsync(new() { AuditPolicy = Policy }, default);
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ToolScript.PathOf("api-server.sh"))!, ".."));
        await server.Admin.RunAsync(["apply", "--server-side", "-f", Path.Combine(root, "crds")], default);
        await server.Admin.WaitForKindsAsync(["crd/trails.clustertrail.io", "crd/trailselectors.clustertrail.io"], default);
        var port = FreePort.Next();
        await using var agents = new SimulatedAgents(port);
        for (var number = 0; number < nodes; number++)
            agents.Add(number, new(AgentRole.Workloads, SimulatedCluster.NodeOf(number), SimulatedCluster.Trail, "bench"));
        agents.Add(nodes, new(AgentRole.ApiServer, SimulatedCluster.NodeOf(0), SimulatedCluster.Trail, "bench"));
        await agents.StartAsync();
        var cluster = new SimulatedCluster(server, nodes, PodsOfNode);
        await cluster.CreateNodesAsync();
        await cluster.PostAsync("/apis/clustertrail.io/v1alpha1/trails", TrailOn(port));
        using var theOperator = await OperatorRun.StartAsync(server);
        var report = new Report();
        await new NodesBenchmark(cluster, agents, theOperator, report).MeasureAsync(port, server);
        return report.AllWithinLimits ? 0 : 1;
    }

    static string TeamNames => string.Join(", ", SimulatedCluster.Teams.Select(name => $"\"{name}\""));

    // Nothing of what only the benchmark writes.
    static string Policy => $$$$"""
        {"apiVersion": "audit.k8s.io/v1", "kind": "Policy", "omitStages": ["RequestReceived", "ResponseStarted"], "rules": [
          {"level": "None", "resources": [{"group": "", "resources": ["pods"]}], "namespaces": [{{{{TeamNames}}}}]},
          {"level": "None", "verbs": ["create"], "resources": [{"group": "", "resources": ["pods", "nodes"]}]},
          {"level": "Metadata"}]}
        """;

    async Task MeasureAsync(int port, ClusterServer server)
    {
        await UntilAsync("the agents' DaemonSets are there", () => ExistsAsync(server, "/apis/apps/v1", "daemonsets", AgentRole.Workloads));
        await ReadFilesAsync(server);
        var since = Stopwatch.StartNew();
        await cluster.CreateAgentsAsync(port);
        Print("operator.nodes_create_agents_s", since);
        await UntilAsync("all agents report", ReportAsync);
        Print("operator.nodes_ready_s", since);
        await cluster.CreatePodsAsync();

        await LabelsAsync("operator.nodes_labels_s", "tier", server);
        await LabelsAsync("operator.nodes_next_label_s", "app", server);
        await SteadyAsync(server);
        report.AtMost("operator.nodes_peak_rss_mb", theOperator.PeakMegabytes, "MB", OperatorMemory.LimitMegabytes * 1.048576);
        theOperator.Stop();
        using var next = await OperatorRun.StartAsync(server);
        since.Restart();
        var polled = agents.Requests;
        await UntilAsync("a new operator has polled all agents", () => Task.FromResult(agents.Requests - polled >= 2 * cluster.Nodes), next);
        await UntilAsync("all agents report", ReportAsync, next);
        Print("operator.nodes_restart_s", since);
        report.AtMost("operator.nodes_restart_peak_rss_mb", next.PeakMegabytes, "MB", OperatorMemory.LimitMegabytes * 1.048576);
        report.AtMost("operator.nodes_refused_requests", agents.Refused, "requests", 0);
    }

    /// <summary>From a rule that names a label until each agent has that label of all pods of its node.</summary>
    async Task LabelsAsync(string name, string label, ClusterServer server)
    {
        var since = Stopwatch.StartNew();
        await cluster.PatchAsync(
            $"/apis/clustertrail.io/v1alpha1/trails/{SimulatedCluster.Trail}",
            $$$$"""
            {"spec": {"workloads": [{"namespaces": ["*"], "processes": true}, {"namespaces": ["*"], "output": {},
              "pods": {"matchExpressions": [{"key": "{{{{label}}}}", "operator": "Exists"}]}}]}}
            """);
        await UntilAsync($"all agents have the label {label}", () => Task.FromResult(
            agents.All.Where(agent => agent.Role == AgentRole.Workloads).All(agent =>
                agent.Pods.Count(pod => pod.Labels.ContainsKey(label)) == PodsOfNode)));
        Print(name, since);
        await ReadFilesAsync(server);
    }

    async Task SteadyAsync(ClusterServer server)
    {
        var length = cluster.Nodes >= 1000 ? TimeSpan.FromMinutes(2) : TimeSpan.FromSeconds(15);
        await Task.Delay(cluster.Nodes >= 1000 ? TimeSpan.FromMinutes(1) : TimeSpan.FromSeconds(1)); // what was put off comes to rest
        var (requests, asked, sent, cpu) = (OperatorRun.Requests(server), agents.Requests, agents.Bytes, theOperator.CpuSeconds);
        var since = Stopwatch.StartNew();
        var changes = await ChurnAsync(length);
        var seconds = since.Elapsed.TotalSeconds;
        Report.Figure("operator.nodes_pod_changes_per_second", changes / seconds, "1/s");
        Report.Figure("operator.nodes_api_requests_per_second", (OperatorRun.Requests(server) - requests) / seconds, "1/s");
        Report.Figure("operator.nodes_agent_requests_per_second", (agents.Requests - asked) / seconds, "1/s");
        Report.Figure("operator.nodes_agent_kb_per_second", (agents.Bytes - sent) / seconds / 1000, "kB/s");
        report.AtMost("operator.nodes_cpu_percent", 100 * (theOperator.CpuSeconds - cpu) / seconds, "%", 100);
        Report.Figure("operator.nodes_rss_mb", theOperator.Megabytes, "MB");
    }

    async Task<int> ChurnAsync(TimeSpan length)
    {
        var (changes, pause) = (0, TimeSpan.FromMinutes(1) / Math.Max(1, cluster.Pods / 100));
        using var timer = new PeriodicTimer(pause);
        for (var since = Stopwatch.StartNew(); since.Elapsed < length; await timer.WaitForNextTickAsync())
            await cluster.ReplaceAsync(changes++, generation: 1);
        return changes;
    }

    async Task<bool> ReportAsync()
    {
        var trail = await cluster.GetAsync($"/apis/clustertrail.io/v1alpha1/trails/{SimulatedCluster.Trail}");
        return (int?)trail["status"]?["workloads"]?["reporting"] == cluster.Nodes
            && trail["status"]!["conditions"]!.AsArray().Any(one => (string?)one!["type"] == "Ready" && (string?)one["status"] == "True");
    }

    // As agents have them some time after a change.
    async Task ReadFilesAsync(ClusterServer server)
    {
        var names = new AgentNames(SimulatedCluster.Trail);
        var path = $"/api/v1/namespaces/{SimulatedCluster.Namespace}";
        var own = (await cluster.GetAsync($"{path}/configmaps/{names.ConfigMap(AgentRole.ApiServer)}"))["data"]!;
        var workloads = (await cluster.GetAsync($"{path}/configmaps/{names.ConfigMap(AgentRole.Workloads)}"))["data"]!;
        var secret = await cluster.GetAsync($"{path}/secrets/{names.StatusKey}");
        agents.Files = new(
            AgentFiles.Hash((string)own["agent.json"]!), AgentFiles.Hash((string)own["selectors.json"]!),
            AgentFiles.Hash((string)workloads["workloads.json"]!));
        agents.Key = Convert.FromBase64String((string)secret["data"]!["key"]!);
    }

    static async Task<bool> ExistsAsync(ClusterServer server, string group, string kind, AgentRole role)
    {
        using var answer = await server.Http.GetAsync(
            $"{group}/namespaces/{SimulatedCluster.Namespace}/{kind}/{new AgentNames(SimulatedCluster.Trail).DaemonSetOf(role)}");
        return answer.IsSuccessStatusCode;
    }

    async Task UntilAsync(string what, Func<Task<bool>> holds, OperatorRun? by = null)
    {
        for (var since = Stopwatch.StartNew(); !await holds();)
        {
            if ((by ?? theOperator).HasExited)
                throw new InvalidOperationException($"The operator ended before {what}.");
            if (since.Elapsed > Timeout)
                throw new TimeoutException($"In {Timeout} it did not come to pass that {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(500));
        }
    }

    static void Print(string name, Stopwatch since) => Report.Figure(name, since.Elapsed.TotalSeconds, "s");

    static string TrailOn(int port) => $$$$"""
        {"apiVersion": "clustertrail.io/v1alpha1", "kind": "Trail", "metadata": {"name": "{{{{SimulatedCluster.Trail}}}}"}, "spec": {
          "clusterName": "bench",
          "sources": {"apiServer": {"type": "LogFile", "logFile": {"path": "/var/log/audit/audit.log"}}},
          "workloads": [{"namespaces": ["*"], "processes": true, "output": {}}],
          "telemetry": {"port": {{{{port.ToString(CultureInfo.InvariantCulture)}}}}},
          "sink": {"type": "S3", "s3": {"bucket": "audit"} } } }
        """;
}
