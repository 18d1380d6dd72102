using ClusterTrail.Contract.Status;
using ClusterTrail.Fixtures;
using ClusterTrail.Kubernetes;
using ClusterTrail.Kubernetes.Client;
using ClusterTrail.Kubernetes.Connecting;
using ClusterTrail.Operator.Events;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Operator.Tests;

/// <summary>What goes wrong at night, on a real API server: it goes away, forgets, and others write what is ours.</summary>
[Requires(Requires.Cluster)]
public sealed class ApiServerTests : IAsyncLifetime
{
    readonly List<(CancellationTokenSource Stop, Task Running, OperatorHost Host)> operators = [];
    ClusterServer server = null!;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await ClusterServer.StartAsync(new(), Cancellation).OrSkipAsync();
        await server.Admin.RunAsync(["apply", "--server-side", "-f", Path.Combine(Path.GetDirectoryName(ToolScript.PathOf("helm.sh"))!, "..", "crds")], Cancellation);
        await server.Admin.WaitForKindsAsync(["crd/trails.clustertrail.io", "crd/trailselectors.clustertrail.io"], Cancellation);
        await server.Admin.RunAsync(["create", "namespace", Some.Namespace], Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (stop, running, host) in operators)
        {
            await StopAsync(stop, running);
            host.Dispose();
            stop.Dispose();
        }

        if (server is not null)
            await server.DisposeAsync();
    }

    [Fact]
    public async Task AnApiServerThatWasKilledAndHasForgottenIsFollowedAgain()
    {
        StartOperator("one");
        await ApplyAsync("before");
        await HasAgentsAsync("before");

        server.Kill();
        await server.RestartAsync(Cancellation);
        await server.CompactAsync(Cancellation);
        server.Kill();
        await server.RestartAsync(Cancellation);
        await ApplyAsync("after");

        await HasAgentsAsync("after");
    }

    [Fact]
    public async Task AnotherReplicaGoesOnWhenTheLeaderStops()
    {
        var stopFirst = StartOperator("first");
        await ApplyAsync("before");
        await HasAgentsAsync("before");
        StartOperator("second");

        await stopFirst();
        await ApplyAsync("after");

        await HasAgentsAsync("after");
    }

    [Fact]
    public async Task ConflictingWritersLoseAndTheirOwnFieldsStay()
    {
        StartOperator("one");
        await ApplyAsync("main");
        await HasAgentsAsync("main");
        var right = await SelectorsAsync();

        for (var n = 0; n < 3; n++)
        {
            await server.Admin.RunAsync(
                ["patch", "configmap", "clustertrail-main", "-n", Some.Namespace, "--type=merge", "--patch", $$$"""{"data": {"selectors.json": "{{{n}}}" }, "metadata": {"annotations": {"team": "theirs"} } }"""],
                Cancellation);
            await Eventually.HoldsAsync("the file is mended", async () => await SelectorsAsync() == right, Cancellation);
        }

        Assert.Equal("theirs", await server.Admin.RunAsync(["get", "configmap", "clustertrail-main", "-n", Some.Namespace, "-o", "jsonpath={.metadata.annotations.team}"], Cancellation));
    }

    [Fact]
    public async Task ATrailThatIsDeletedTakesItsObjectsAlong()
    {
        StartOperator("one");
        await ApplyAsync("main");
        await HasAgentsAsync("main");

        await server.Admin.RunAsync(["delete", "trail", "main", "--timeout=60s"], Cancellation);

        await Eventually.HoldsAsync(
            "nothing is left",
            async () => await server.Admin.RunAsync(["get", "daemonsets,configmaps,serviceaccounts,networkpolicies", "-n", Some.Namespace, "-o", "name"], Cancellation) is "",
            Cancellation);
    }

    [Fact]
    public async Task FindingsWithTheLongestNamesAndDescriptionsAreTaken()
    {
        using var meter = new System.Diagnostics.Metrics.Meter("test");
        using var cluster = Connect(new(meter));
        var findings = new FindingEvents(new EventRecorder(cluster, "one", TimeProvider.System, NullLogger<EventRecorder>.Instance), TimeProvider.System);
        var now = DateTimeOffset.UtcNow;
        FindingsStatus[] found = [new(new('r', 63), "critical", new('界', 512), 3, now, "e3"), new("pod-exec", "high", "Somebody ran a command.", 1, now, "e1")];

        findings.Know(
            Some.Trail(new('t', 50)),
            [.. found.Select(finding => Some.Rule(finding.Rule, Contract.Detections.DetectionSeverity.High))]);

        await findings.WriteAsync(Some.Trail(new('t', 50)), [Events.ReportedFindings.By("cp-1", now, found)], Cancellation);

        var notes = await server.Admin.RunAsync(["get", "events.events.k8s.io", "-n", "default", "-o", "jsonpath={range .items[?(@.reason==\"Detected\")]}{.type} {.note}{\"\\n\"}{end}"], Cancellation);
        Assert.Equal(2, notes.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("Warning pod-exec (high): a finding on cp-1 at ", notes, StringComparison.Ordinal);
    }

    KubernetesCluster Connect(KubernetesMetrics metrics) => new(
        ClusterConnection.Find(server.Admin.Kubeconfig), new() { FieldManager = "clustertrail-operator" }, metrics, TimeProvider.System,
        NullLogger<KubernetesCluster>.Instance);

    Func<Task> StartOperator(string identity)
    {
        var host = new OperatorHost(
            Connect,
            new() { Namespace = Some.Namespace, AgentImage = "agent", Listen = "127.0.0.1:0", Identity = identity, Poll = TimeSpan.FromSeconds(1) },
            NullLoggerFactory.Instance, TimeProvider.System);
        var stop = new CancellationTokenSource();
        var running = Task.Run(() => host.RunAsync(stop.Token));
        operators.Add((stop, running, host));
        return () => StopAsync(stop, running);
    }

    static async Task StopAsync(CancellationTokenSource stop, Task running)
    {
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    Task<string> ApplyAsync(string name) => server.Admin.ApplyAsync(
        $$$"""
        {"apiVersion": "clustertrail.io/v1alpha1", "kind": "Trail", "metadata": {"name": "{{{name}}}" }, "spec": {"clusterName": "prod",
          "sources": {"apiServer": {"type": "LogFile", "logFile": {"path": "{{{Some.LogPath}}}"} } }, "sink": {"type": "S3", "s3": {"bucket": "audit"} } } }
        """,
        Cancellation);

    Task HasAgentsAsync(string trail) => Eventually.HoldsAsync(
        $"Trail {trail} has agents and is accepted",
        async () => (await server.Admin.TryAsync(["get", "daemonset", $"clustertrail-{trail}-apiserver", "-n", Some.Namespace], Cancellation)).ExitCode == 0
            && (await server.Admin.TryAsync(["get", "trail", trail, "-o", "jsonpath={.status.conditions[?(@.type==\"Accepted\")].status}"], Cancellation)).Output is "True",
        Cancellation);

    Task<string> SelectorsAsync() => server.Admin.RunAsync(["get", "configmap", "clustertrail-main", "-n", Some.Namespace, "-o", "jsonpath={.data.selectors\\.json}"], Cancellation);
}
