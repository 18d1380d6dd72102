using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Execs;
using ClusterTrail.Contract.Status;
using ClusterTrail.Fixtures;
using ClusterTrail.Kubernetes.Client;
using ClusterTrail.Kubernetes.Connecting;
using ClusterTrail.Operator.Execs;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;
using ClusterTrail.Trails.Manifests;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.EndToEnd;

/// <summary>
/// From a <c>kubectl exec</c> at a real API server to the name of that person on the process in a container-like control group, and from a
/// process without one to an alert in a real Alertmanager: two real agents, and the operator's relay.
/// </summary>
/// <remarks>
/// The API server of the tests has no kubelet and refuses the connection after it was audited. So the first refusal of a request is
/// written into the log that the agent follows as what it is where there is a kubelet, and the test starts the process as one does.
/// </remarks>
[Collection(PrometheusFixture.Collection)]
[Requires(Requires.Cluster, Requires.Prometheus, Requires.Alertmanager)]
public sealed class ExecJoinTests(PrometheusFixture prometheusFixture, AlertmanagerFixture alertmanagerFixture, ITestOutputHelper output)
    : IDisposable
{
    const string Rule = "exec-without-api-event";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly AgentFolder besideApiServer = new();
    readonly AgentFolder onNode = new();
    readonly TemporaryFolder shared = new();
    readonly byte[] key = RandomNumberGenerator.GetBytes(32);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        besideApiServer.Dispose();
        onNode.Dispose();
        shared.Dispose();
    }

    [Fact]
    public async Task AProcessHasTheNameOfWhoExecutedItAndOneWithoutAnApiEventIsAnAlert()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Control groups and programs in the kernel are for root only.");
        var (prometheus, alertmanager) = (await prometheusFixture.StartedAsync(), await alertmanagerFixture.StartedAsync());
        await using var cluster = await TestCluster.StartOwnAsync(new(), Cancellation).OrSkipAsync();
        var uid = await CreatePodAsync(cluster.Admin);
        using var cgroup = ContainerCgroup.Create(uid);
        Directory.CreateDirectory(Path.Combine(shared.Join("pods"), $"default_web_{uid}", "web"));
        Directory.CreateDirectory(shared.Join("links"));
        File.WriteAllBytes(shared.Join("key"), key);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var answering = AnswerExecsAsync(cluster.Server!.AuditLog, stop.Token);
        using var server = StartBesideApiServer();
        using var node = StartOnNode();
        using var meter = new Meter("test");
        using var client = new ExecClient();
        using var api = new KubernetesCluster(
            ClusterConnection.Find(cluster.Admin.Kubeconfig), new() { FieldManager = "test" }, new(meter), TimeProvider.System,
            NullLogger<KubernetesCluster>.Instance);
        var agents = new TwoAgents(client, [
            Agent("cp-1", AgentRole.ApiServer, await server.Url), Agent("worker-1", AgentRole.Workloads, await node.Url)]);
        var relaying = new ExecRelay(agents, api, meter, TimeProvider.System, NullLogger<ExecRelay>.Instance).RunAsync(stop.Token);
        await prometheus.ReloadAsync(Scraping(await node.Url, alertmanager.Url), Cancellation);
        await AgentStatusPage.WaitAsync(await node.Url, IsLive, Patience);
        using var first = Enter(cgroup, "sleep 120");
        await AgentStatusPage.WaitAsync(
            await node.Url, status => Processes(status).GetProperty("recordedEvents").GetInt64() > 0, Patience);

        var clock = Stopwatch.StartNew();
        await cluster.Admin.TryAsync(["exec", "web", "-c", "web", "--", "sh", "-c", "sleep 0.1; true"], Cancellation);
        using var executed = Enter(cgroup, "sleep 0.1; true");
        await Eventually.HoldsAsync(
            "the process is recorded", Patience, () => Task.FromResult(Records("sleep 0.1; true").Count > 0), Cancellation);
        output.WriteLine($"exec -> record: {clock.Elapsed.TotalSeconds:0.0} s");
        clock.Restart();
        using var intruder = Enter(cgroup, "sleep 0.2; exit 0");
        var alert = await Eventually.IsThereAsync(
            "an alert in Alertmanager",
            async () => (await alertmanager.AlertsAsync(Cancellation)).FirstOrDefault(
                alert => alert.State == "active" && alert.Labels.GetValueOrDefault("rule") == Rule),
            Cancellation);
        output.WriteLine($"entry without an API event -> Alertmanager: {clock.Elapsed.TotalSeconds:0.0} s");

        await Eventually.HoldsAsync(
            "the process is recorded", Patience, () => Task.FromResult(Records("sleep 0.2; exit 0").Count > 0), Cancellation);
        first.Kill(entireProcessTree: true);
        await first.WaitForExitAsync(Cancellation);
        await node.StopAsync();
        await server.StopAsync();
        await stop.CancelAsync();
        await Task.WhenAll(answering, relaying).ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.Equal(("main", "worker-1", "high"), (alert.Labels["trail"], alert.Labels["node"], alert.Labels["detection_severity"]));
        Assert.EndsWith($"#{Rule}", alert.Annotations["runbook_url"], StringComparison.Ordinal);
        MustHaveName(Assert.Single(Records("sleep 0.1; true")), null);
        MustHaveName(Assert.Single(Records("sleep 0.1")), Assert.Single(Records("sleep 0.1; true")));
        var unexplained = Assert.Single(Records("sleep 0.2; exit 0"));
        Assert.Equal("Unexplained", unexplained.GetProperty("event").GetProperty("join").GetProperty("startedBy").GetString());
        Assert.False(unexplained.TryGetProperty("userIdentity", out _));
        var finding = Assert.Single(OnNode(), record => record.GetProperty("eventCategory").GetString() == "Insight"
            && record.GetProperty("insightDetails").GetProperty("rule").GetString() == Rule);
        Assert.Equal(
            unexplained.GetProperty("eventID").GetString(),
            finding.GetProperty("insightDetails").GetProperty("eventIDs")[0].GetString());
        Assert.Equal(2, Records("sleep 120").Count);
        Assert.All(Records("sleep 120"), record => Assert.False(record.GetProperty("event").TryGetProperty("join", out _)));
    }

    void MustHaveName(JsonElement record, JsonElement? parent)
    {
        Assert.True(record.TryGetProperty("userIdentity", out var identity), record.GetRawText());
        Assert.Equal("admin", identity.GetProperty("userName").GetString());
        var event_ = ArchivedRecords.OfFolder(besideApiServer.ArchivePath)
            .Single(one => one.GetProperty("eventID").GetString() == record.GetProperty("apiEventID").GetString());
        Assert.Equal("create pods/exec", event_.GetProperty("eventName").GetString()!.Replace("get ", "create ", StringComparison.Ordinal));
        var join = record.GetProperty("event").GetProperty("join");
        Assert.Equal("ApiRequest", join.GetProperty("startedBy").GetString());
        Assert.Equal(
            parent?.GetProperty("event").GetProperty("process").GetProperty("id").GetString(),
            join.TryGetProperty("inheritedFrom", out var from) ? from.GetString() : null);
    }

    List<JsonElement> OnNode() => ArchivedRecords.OfFolder(onNode.ArchivePath);

    // By what the arguments end with: of the shell its script, of a program its own.
    List<JsonElement> Records(string arguments) => !Directory.Exists(onNode.ArchivePath) ? [] :
    [
        .. OnNode().Where(record => record.GetProperty("eventCategory").GetString() == "Workload"
            && record.GetProperty("event").TryGetProperty("process", out var process)
            && process.GetProperty("executable").GetString() != "/usr/bin/unshare"
            && string.Join(' ', process.GetProperty("arguments").EnumerateArray().Select(one => one.GetString())) is var all
            && (all == arguments || all == "sh -c " + arguments)),
    ];

    // As a container runtime does it: into the control group, then the mount namespace, then the program.
    static Process Enter(ContainerCgroup cgroup, string script) => cgroup.Start($"exec /usr/bin/unshare -m sh -c '{script}'");

    AgentProcess StartBesideApiServer() => AgentProcess.Start(
        besideApiServer.Root, besideApiServer.Configuration with { NodeName = "cp-1" },
        $"{SignedAnswer.KeyVariable}={shared.Join("key")}");

    AgentProcess StartOnNode()
    {
        File.WriteAllBytes(
            Path.Combine(onNode.Root, "detections.json"), Contracts.WriteCompact(new DetectionsFile { Packs = ["processes"] }));
        return AgentProcess.Start(
            onNode.Root,
            onNode.Configuration with
            {
                NodeName = "worker-1",
                Detections = "detections.json",
                Sources =
                [
                    new()
                    {
                        Name = "processes",
                        Type = SourceType.Processes,
                        // Other tests on this machine enter containers too; their pods have no names here.
                        Processes = new()
                        {
                            Namespaces = ["default"], PodLogsPath = shared.Join("pods"), ContainerLogsPath = shared.Join("links"),
                        },
                    },
                ],
            },
            $"{SignedAnswer.KeyVariable}={shared.Join("key")}");
    }

    ExecAgent Agent(string node, AgentRole role, Uri url) =>
        new(new("agents", node), "main", node, role, new Uri(url, "execs").ToString(), key);

    static bool IsLive(JsonElement status) => Processes(status).GetProperty("join").GetProperty("isLive").GetBoolean();

    static JsonElement Processes(JsonElement status) => status.GetProperty("sources")[0].GetProperty("processes");

    async Task AnswerExecsAsync(string auditLog, CancellationToken cancellationToken)
    {
        using var log = new StreamReader(new FileStream(auditLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        await using var answered = new StreamWriter(besideApiServer.LogPath) { AutoFlush = true, NewLine = "\n" };
        var (isAnswered, line) = (false, "");
        while (!cancellationToken.IsCancellationRequested)
        {
            var read = await log.ReadLineAsync(cancellationToken);
            if (read is null)
            {
                await Task.Delay(20, cancellationToken);
                continue;
            }

            line += read;
            // The server may be in the middle of a line.
            if (!line.EndsWith('}'))
                continue;
            var isExec = IsRefusedExec(line);
            await answered.WriteLineAsync(isExec && !isAnswered ? Answered(line) : line);
            isAnswered |= isExec;
            line = "";
        }
    }

    static bool IsRefusedExec(string line)
    {
        var audit = JsonElement.Parse(line);
        return audit.GetProperty("stage").GetString() == "ResponseComplete" && audit.TryGetProperty("objectRef", out var target)
            && target.TryGetProperty("subresource", out var subresource) && subresource.GetString() == "exec";
    }

    static string Answered(string line)
    {
        var audit = JsonNode.Parse(line)!.AsObject();
        audit["responseStatus"] = new JsonObject { ["metadata"] = new JsonObject(), ["code"] = 101 };
        audit["stage"] = "ResponseStarted";
        return audit.ToJsonString();
    }

    static async Task<string> CreatePodAsync(KubectlUser admin)
    {
        await admin.ApplyAsync("""{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "default"}, "spec": {"nodeName": "worker-1", "containers": [{"name": "web", "image": "web", "livenessProbe": {"exec": {"command": ["true"]}}}]}}""", Cancellation);
        return (await admin.RunAsync(["get", "pod", "web", "-o", "jsonpath={.metadata.uid}"], Cancellation)).Trim();
    }

    static PrometheusConfiguration Scraping(Uri agent, Uri alertmanager) => new()
    {
        RuleFiles = [Path.Combine(Path.GetDirectoryName(ToolScript.PathOf("helm.sh"))!, "..", "rules", "clustertrail-detections.yaml")],
        Targets = new Dictionary<string, Uri> { ["clustertrail-agent"] = agent },
        Labels = new Dictionary<string, string> { ["trail"] = "main", ["node"] = "worker-1" },
        Alertmanager = alertmanager,
    };

    sealed class TwoAgents(ExecClient client, IReadOnlyList<ExecAgent> all) : IExecAgents
    {
        public IReadOnlyList<ExecAgent> Running() => all;

        public string? ProblemOf(string trail) => null;

        public Task<ExecReport?> AskAsync(ExecAgent agent, long after, CancellationToken cancellationToken) =>
            client.AskAsync(agent, after, cancellationToken);

        public Task<HandoverAnswer?> HandAsync(ExecAgent agent, ExecHandover handover, CancellationToken cancellationToken) =>
            client.HandAsync(agent, handover, cancellationToken);
    }
}
