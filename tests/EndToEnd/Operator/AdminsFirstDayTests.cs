using System.Diagnostics;
using System.Text.Json.Nodes;
using ClusterTrail.EndToEnd.FirstHour;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;
using ClusterTrail.Testing.Nodes;

namespace ClusterTrail.EndToEnd.Operator;

/// <summary>
/// An admin's first day: install, first Trail, wrong credential, correction, a second node with a taint, upgrade, deletion with the sink down,
/// uninstall. What kubectl says at each step is kept in <c>first-day.txt</c>, to be read by people.
/// </summary>
[Collection(S3Fixture.Collection)]
[Requires(Requires.Cluster, Requires.S3, Requires.Helm)]
public sealed class AdminsFirstDayTests(S3Fixture s3) : IAsyncDisposable
{
    const string Namespace = "clustertrail-system";
    const string Taint = "maintenance=true:NoSchedule";

    readonly TemporaryFolder folder = new("/var/tmp");
    readonly int port = FreePort.Next();
    TestCluster? cluster;
    PartsOfCluster? parts;
    NodeWorld? nodes;
    OperatorProcess? theOperator;
    FaultyProxy? sink;
    volatile bool isSinkDown;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    KubectlUser Admin => cluster!.Admin;

    public async ValueTask DisposeAsync()
    {
        if (nodes is not null)
            await nodes.DisposeAsync();
        theOperator?.Dispose();
        parts?.Dispose();
        if (sink is not null)
            await sink.DisposeAsync();
        if (cluster is not null)
            await cluster.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task WhatKubectlSaysAtEachStep()
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("The agents' mounts are real ones, which only root can make; this test is not run as root.");
        var store = await s3.StartedAsync();
        var bucket = await store.CreateBucketAsync();
        sink = new(store.Endpoint, Script());
        cluster = await TestCluster.StartOwnAsync(new(), Cancellation).OrSkipAsync();
        var transcript = new Transcript(Admin);
        transcript.Call(sink.Endpoint.GetLeftPart(UriPartial.Authority), "https://s3.example.com");
        transcript.Call(cluster.Server!.AuditLog, "/var/log/kubernetes/audit/audit.log");
        transcript.Call(folder.Path, "/var/lib");
        transcript.Call(bucket, "audit");

        var release = await InstallAsync(transcript);
        await FirstTrailAsync(bucket, transcript);
        await WrongCredentialAsync(transcript);
        await SecondNodeAsync(bucket, transcript);
        await UpgradeAsync(release, transcript);
        await DeletionAsync(transcript);
        await UninstallAsync(release, transcript);

        transcript.Check();
    }

    IEnumerable<Fault> Script()
    {
        while (true)
            yield return isSinkDown ? Fault.CutBeforeBody : Fault.None;
    }

    async Task<InstalledRelease> InstallAsync(Transcript transcript)
    {
        var helm = await Part.Helm.PathOfAsync("helm", Cancellation).OrSkipAsync();
        await Admin.RunAsync(["create", "namespace", Namespace], Cancellation);
        await Admin.RunAsync(["label", "namespace", Namespace, "pod-security.kubernetes.io/enforce=privileged"], Cancellation);
        var release = new InstalledRelease(helm, Admin, Namespace, folder.Path);
        await release.InstallAsync();
        await Admin.RunAsync(["wait", "--for=condition=Established", "crd/trails.clustertrail.io", "crd/trailselectors.clustertrail.io", "--timeout=30s"], Cancellation);
        await StartOperatorAsync();
        parts = await PartsOfCluster.OfAsync(cluster!, Cancellation);
        nodes = new(
            parts.As, options: new() { Round = TimeSpan.FromMilliseconds(300) }, runtime: new ProcessRuntime(folder.Join("nodes"), folder.Join("state")));
        await nodes.AddControlPlaneNodeAsync("cp-1", Cancellation);
        nodes.Start();
        transcript.Step("The chart is installed; there is no Trail yet");
        await transcript.ShowAsync("get trails", cancellationToken: Cancellation);
        return release;
    }

    async Task FirstTrailAsync(string bucket, Transcript transcript)
    {
        await SetSecretAsync(S3Server.SecretAccessKey);
        await Admin.ApplyAsync(TrailManifest(bucket, tolerations: "[]"), Cancellation);
        await ConditionAsync("Ready", "True", "Recording");
        await ConditionAsync("Intact", "True", "DigestsInTime");
        transcript.Step("The first Trail records");
        await ShowAsync(transcript);
    }

    async Task WrongCredentialAsync(Transcript transcript)
    {
        await SetSecretAsync("wrong");
        await UntilAsync("the wrong credential is reported", async () =>
        {
            // Only who has something to deliver can fail to.
            await cluster!.CreateNamespaceAsync(Cancellation);
            return await IsAsync("Delivering", "False", "SignatureDoesNotMatch");
        });
        transcript.Step("Its Secret holds a wrong key");
        await ShowAsync(transcript);

        await SetSecretAsync(S3Server.SecretAccessKey);
        await ConditionAsync("Ready", "True", "Recording");
        await ConditionAsync("Intact", "True", "DigestsInTime");
        transcript.Step("The Secret is corrected");
        await ShowAsync(transcript);
    }

    async Task SecondNodeAsync(string bucket, Transcript transcript)
    {
        await nodes!.AddNodeAsync("cp-2", new Dictionary<string, string> { [NodeWorld.ControlPlane] = "" }, [Taint], Cancellation);
        await ConditionAsync("Covered", "False", "TaintNotTolerated");
        transcript.Step($"A second control-plane node joins, with the taint {Taint}");
        await ShowAsync(transcript);

        await Admin.ApplyAsync(TrailManifest(bucket, tolerations: """[{"key": "maintenance", "operator": "Exists"}]"""), Cancellation);
        await Admin.RunAsync(["rollout", "status", "daemonset/clustertrail-main-apiserver", "-n", Namespace, "--timeout=90s"], Cancellation);
        await UntilAsync("both record", async () => await IsAsync("Ready", "True", "Recording") && await IsAsync("Intact", "True", "DigestsInTime")
            && await ColumnAsync("{.status.agents.reporting} {.status.agents.summary} {.status.integrity.enrolled}") == "2 2/2 2");
        transcript.Step("The Trail tolerates it");
        await ShowAsync(transcript);
    }

    async Task UpgradeAsync(InstalledRelease release, Transcript transcript)
    {
        var before = await ColumnAsync("{.status.conditions[?(@.type==\"Ready\")].lastTransitionTime}");
        await release.UpgradeAsync("--set", "operator.pollSeconds=5");
        theOperator!.Dispose();
        await StartOperatorAsync();
        await UntilAsync("the new operator has looked", async () =>
            await ColumnAsync(".status.agents.reporting") == "2" && await IsAsync("Intact", "True", "DigestsInTime"));
        transcript.Step("The chart is upgraded, and the operator with it");
        await ShowAsync(transcript);
        Assert.Equal(before, await ColumnAsync("{.status.conditions[?(@.type==\"Ready\")].lastTransitionTime}"));
    }

    async Task DeletionAsync(Transcript transcript)
    {
        isSinkDown = true;
        await cluster!.CreateNamespaceAsync(Cancellation);
        await UntilAsync("both nodes are reported", async () =>
            (await ColumnAsync("{.status.conditions[?(@.type==\"Delivering\")].message}")).StartsWith("cp-1, cp-2 have delivered nothing", StringComparison.Ordinal));
        await Admin.RunAsync(["delete", "trail", "main", "--wait=false"], Cancellation);
        await ConditionAsync("Receiving", "False", "LoggingOff");
        // Longer than a pod takes to be replaced: it still waits.
        await Task.Delay(TimeSpan.FromSeconds(8), Cancellation);
        transcript.Step("The Trail is deleted while its sink is down");
        await ShowAsync(transcript);
        Assert.Equal(2, (await nodes!.PodsAsync(Namespace, Cancellation)).Count);

        isSinkDown = false;
        await UntilAsync("it is gone", async () => (await Admin.TryAsync(["get", "trail", "main"], Cancellation)).ExitCode != 0);
        await UntilAsync("its agents are gone", async () => (await nodes!.PodsAsync(Namespace, Cancellation)).Count == 0);
        transcript.Step("The sink is back: what was held is delivered, and the Trail goes");
        await transcript.ShowAsync("get trails", cancellationToken: Cancellation);
        // Whether the operator looks at the Trail between the first delivery and the last is chance.
        await transcript.ShowNewEventsAsync(Cancellation, chance: "Normal  Delivering");
        await transcript.ShowAsync($"get daemonsets,configmaps,networkpolicies -n {Namespace} -l clustertrail.io/trail=main", cancellationToken: Cancellation);
    }

    static async Task UninstallAsync(InstalledRelease release, Transcript transcript)
    {
        await release.UninstallAsync();
        transcript.Step("The chart is uninstalled; the custom resources stay");
        await transcript.ShowAsync("get crd -o name", cancellationToken: Cancellation);
        await transcript.ShowAsync("get clusterroles,clusterrolebindings -l app.kubernetes.io/name=clustertrail -o name", cancellationToken: Cancellation);
    }

    static async Task ShowAsync(Transcript transcript)
    {
        await transcript.ShowAsync("get trails -o wide", cancellationToken: Cancellation);
        await transcript.ShowAsync("describe trail main", from: "Status:", cancellationToken: Cancellation);
        await transcript.ShowNewEventsAsync(Cancellation);
    }

    async Task StartOperatorAsync()
    {
        var own = await cluster!.AsServiceAccountAsync(Namespace, "clustertrail-operator", Cancellation);
        theOperator = await OperatorProcess.StartAsync(own.Kubeconfig, Namespace, folder.Path, cluster.Logs, Cancellation);
    }

    Task<string> SetSecretAsync(string secretAccessKey) => Admin.ApplyAsync(
        $$$"""{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s3", "namespace": "{{{Namespace}}}"}, "stringData": {"accessKeyId": "{{{S3Server.AccessKeyId}}}", "secretAccessKey": "{{{secretAccessKey}}}"}}""",
        Cancellation);

    // Namespaces only, so that something is delivered when the test wants it. What its root does would be findings of another kind each time.
    string TrailManifest(string bucket, string tolerations) => new JsonObject
    {
        ["apiVersion"] = "clustertrail.io/v1alpha1",
        ["kind"] = "Trail",
        ["metadata"] = new JsonObject { ["name"] = "main" },
        ["spec"] = new JsonObject
        {
            ["clusterName"] = "test",
            ["sources"] = new JsonObject { ["apiServer"] = new JsonObject { ["type"] = "LogFile", ["logFile"] = new JsonObject { ["path"] = cluster!.Server!.AuditLog } } },
            ["selectors"] = JsonNode.Parse("""[{"level": "Metadata", "verbs": ["create"], "resources": [{"group": "", "resources": ["namespaces"]}]}]"""),
            ["detections"] = JsonNode.Parse("""{"packs": []}"""),
            ["batch"] = new JsonObject { ["maxAgeSeconds"] = 1 },
            ["telemetry"] = new JsonObject { ["port"] = port },
            ["agent"] = new JsonObject { ["stateDirectory"] = folder.Join("state"), ["tolerations"] = JsonNode.Parse(tolerations) },
            ["sink"] = new JsonObject
            {
                ["type"] = "S3",
                ["s3"] = new JsonObject
                {
                    ["bucket"] = bucket,
                    ["prefix"] = "trail",
                    ["region"] = "us-east-1",
                    ["endpoint"] = sink!.Endpoint.GetLeftPart(UriPartial.Authority),
                    ["pathStyle"] = true,
                    ["credentials"] = new JsonObject { ["type"] = "Secret", ["secret"] = new JsonObject { ["name"] = "s3" } },
                },
            },
        },
    }.ToJsonString();

    Task ConditionAsync(string type, string status, string reason) => UntilAsync($"{type} is {status}, {reason}", () => IsAsync(type, status, reason));

    async Task<bool> IsAsync(string type, string status, string reason) =>
        await ColumnAsync($"{{.status.conditions[?(@.type==\"{type}\")].status}} {{.status.conditions[?(@.type==\"{type}\")].reason}}") == $"{status} {reason}";

    async Task<string> ColumnAsync(string path) =>
        (await Admin.TryAsync(["get", "trail", "main", "-o", $"jsonpath={(path.Contains('{') ? path : $"{{{path}}}")}"], Cancellation)).Output;

    async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        for (var since = Stopwatch.StartNew(); !await holds();)
        {
            if (since.Elapsed > TimeSpan.FromSeconds(90))
                Assert.Fail($"In 90 s it did not come to pass that {what}.\n{await Admin.RunAsync(["get", "trails", "-o", "yaml"], Cancellation)}\n{nodes?.Trouble}");
            await Task.Delay(200, Cancellation);
        }
    }
}
