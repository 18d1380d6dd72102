using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Contract.Status;
using ClusterTrail.Fixtures;
using ClusterTrail.History.Reading;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;
using ClusterTrail.Testing.Nodes;

namespace ClusterTrail.EndToEnd.Operator;

/// <summary>A Trail, from <c>helm install</c> to records in a bucket, on a real API server whose own audit log is recorded.</summary>
[Collection(S3Fixture.Collection)]
[Requires(Requires.Cluster, Requires.S3, Requires.Helm)]
public sealed class OperatorTests(S3Fixture s3) : IAsyncDisposable
{
    const string Namespace = "clustertrail-system";
    const string Node = "cp-1";

    readonly TemporaryFolder folder = new("/var/tmp");
    readonly int port = FreePort.Next();
    TestCluster? cluster;
    PartsOfCluster? parts;
    NodeWorld? nodes;

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
    public async Task ATrailRecordsItsClusterAndTellsHowItGoes()
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("The agent's mounts are real ones, which only root can make; this test is not run as root.");
        var store = await s3.StartedAsync();
        var bucket = await store.CreateBucketAsync();
        cluster = await TestCluster.StartOwnAsync(new(), Cancellation).OrSkipAsync();
        await InstallAsync();
        var operatorsOwn = await cluster.AsServiceAccountAsync(Namespace, "clustertrail-operator", Cancellation);
        using var theOperator = await OperatorProcess.StartAsync(operatorsOwn.Kubeconfig, Namespace, folder.Path, cluster.Logs, Cancellation);

        // A Trail becomes an agent that records this very cluster.
        await SetSecretAsync(S3Server.SecretAccessKey);
        await Admin.ApplyAsync(TrailManifest(store, bucket, logging: true), Cancellation);
        var runtime = new ProcessRuntime(folder.Join("nodes"));
        parts = await PartsOfCluster.OfAsync(cluster, Cancellation);
        nodes = new(parts.As, options: new() { Round = TimeSpan.FromMilliseconds(300) }, runtime: runtime);
        await nodes.AddControlPlaneNodeAsync(Node, Cancellation);
        nodes.Start();
        await ConditionAsync("Ready", "True", "Recording");
        Assert.Equal($"s3://{bucket}/trail", await ColumnAsync(".status.sink"));

        await TheAgentSignsWhatItReportsAsync();
        await ABrokenCredentialIsToldAndHealsAsync();
        await ATrailSelectorAddsItsNamespaceOnlyAsync(store, bucket, runtime);
        await NumbersMatchWhatIsInTheBucketAsync(store, bucket);
        await DeletionIsCleanAsync();
    }

    // The operator believes it: the Trail is ready. It would not believe a pod with this label without the signature.
    async Task TheAgentSignsWhatItReportsAsync()
    {
        const string nonce = "0123abcd";
        var pod = Assert.Single(await nodes!.PodsAsync(Namespace, Cancellation));
        Assert.Equal("signed", pod.Metadata.Labels["clustertrail.io/answers"]);
        var key = await Admin.RunAsync(
            ["get", "secret", "clustertrail-main-status-key", "-n", Namespace, "-o", "jsonpath={.data.key}"], Cancellation);
        using var http = new HttpClient { DefaultRequestHeaders = { { SignedAnswer.NonceHeader, nonce } } };

        using var answer = await http.GetAsync($"http://{pod.Status!["podIP"]}:{port}/status", Cancellation);

        var signature = Assert.Single(answer.Headers.GetValues(SignedAnswer.SignatureHeader));
        var body = await answer.Content.ReadAsByteArrayAsync(Cancellation);
        Assert.True(SignedAnswer.IsSigned(Convert.FromBase64String(key), nonce, body, signature), "The signature is not the Trail's.");
    }

    async Task ABrokenCredentialIsToldAndHealsAsync()
    {
        var since = Stopwatch.StartNew();
        await SetSecretAsync("wrong");
        // Only who has something to deliver can fail to.
        await UntilAsync("the broken credential is reported", async () =>
        {
            await cluster!.CreateNamespaceAsync(Cancellation);
            return await IsAsync("Delivering", "False", "SignatureDoesNotMatch");
        });
        Assert.True(since.Elapsed < TimeSpan.FromSeconds(60), $"It took {since.Elapsed}.");
        var events = await Admin.RunAsync(["get", "events.events.k8s.io", "-n", "default", "-o", "jsonpath={.items[*].reason}"], Cancellation);
        Assert.Contains("NotDelivering", events, StringComparison.Ordinal);

        await SetSecretAsync(S3Server.SecretAccessKey);
        await ConditionAsync("Delivering", "True", "SinkConfirms");
    }

    async Task ATrailSelectorAddsItsNamespaceOnlyAsync(S3Server store, string bucket, ProcessRuntime runtime)
    {
        var (team, other) = (await cluster!.CreateNamespaceAsync(Cancellation), await cluster.CreateNamespaceAsync(Cancellation));
        var started = runtime.Started;
        await Admin.ApplyAsync(
            $$$"""
            {"apiVersion": "clustertrail.io/v1alpha1", "kind": "TrailSelector", "metadata": {"name": "configmaps", "namespace": "{{{team}}}"},
             "spec": {"trail": "main", "rules": [{"level": "RequestResponse", "resources": [{"group": "", "resources": ["configmaps"]}]}]}}
            """,
            Cancellation);
        await UntilAsync(
            "the agent runs the new selectors",
            async () => await ColumnAsync("{.status.selectors.attached}/{.status.selectors.synced}") is "1/1");

        await Admin.RunAsync(["create", "configmap", "seen", "-n", team], Cancellation);
        await Admin.RunAsync(["create", "configmap", "unseen", "-n", other], Cancellation);

        await UntilAsync(
            "the team's event is in the bucket",
            async () => (await ArchivedRecords.OfBucketAsync(store, bucket)).Any(record => Concerns(record, "configmaps", team)));
        Assert.DoesNotContain(await ArchivedRecords.OfBucketAsync(store, bucket), record => Concerns(record, "configmaps", other));
        Assert.Equal(started, runtime.Started);
    }

    async Task NumbersMatchWhatIsInTheBucketAsync(S3Server store, string bucket)
    {
        await Admin.ApplyAsync(TrailManifest(store, bucket, logging: false), Cancellation);
        await ConditionAsync("Receiving", "False", "LoggingOff");
        await UntilAsync("the agent has stopped", async () => await ColumnAsync(".status.nodes[0].state") is "Stopped");
        var before = (await ArchivedRecords.OfBucketAsync(store, bucket)).Count;

        await Admin.RunAsync(["create", "namespace", "while-stopped"], Cancellation);
        await Task.Delay(TimeSpan.FromSeconds(3), Cancellation); // longer than a batch's age
        Assert.Equal(before, (await ArchivedRecords.OfBucketAsync(store, bucket)).Count);

        await Admin.ApplyAsync(TrailManifest(store, bucket, logging: true), Cancellation);
        await ConditionAsync("Ready", "True", "Recording");
        await UntilAsync(
            "what happened meanwhile is there",
            async () => (await ArchivedRecords.OfBucketAsync(store, bucket)).Any(record => Concerns(record, "namespaces", "while-stopped")));
        var records = await ArchivedRecords.OfBucketAsync(store, bucket);
        Assert.Equal(records.Count, records.DistinctBy(record => record.GetProperty("eventID").GetString()).Count());
        await UntilAsync(
            "the numbers match",
            async () => await ColumnAsync(".status.deliveredEvents") == $"{(await ArchivedRecords.OfBucketAsync(store, bucket)).Count}");
        Assert.Contains("True", await Admin.RunAsync(["get", "trails"], Cancellation), StringComparison.Ordinal);
    }

    async Task DeletionIsCleanAsync()
    {
        await Admin.RunAsync(["delete", "trail", "main", "--timeout=90s"], Cancellation);

        await UntilAsync("the agent is gone", () => Task.FromResult(nodes!.ProcessesOf(Node).Count == 0));
        var left = await Admin.RunAsync(["get", "daemonsets,configmaps,serviceaccounts,networkpolicies", "-n", Namespace, "-l", "clustertrail.io/trail=main", "-o", "name"], Cancellation);
        // The heads and keys of its chains outlive it, as the archive does.
        Assert.All(
            left.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            name => Assert.StartsWith("configmap/clustertrail.chains.main.", name, StringComparison.Ordinal));
    }

    async Task InstallAsync()
    {
        var helm = await Part.Helm.PathOfAsync("helm", Cancellation).OrSkipAsync();
        var chart = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ToolScript.PathOf("helm.sh"))!, "..", "charts", "clustertrail"));
        using var install = Process.Start(new ProcessStartInfo(helm, ["install", "clustertrail", chart, "--namespace", Namespace, "--create-namespace", "--kubeconfig", Admin.Kubeconfig])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["HELM_CACHE_HOME"] = folder.Path, ["HELM_CONFIG_HOME"] = folder.Path, ["HELM_DATA_HOME"] = folder.Path },
        })!;
        _ = install.StandardOutput.ReadToEndAsync(Cancellation);
        var error = await install.StandardError.ReadToEndAsync(Cancellation);
        await install.WaitForExitAsync(Cancellation);
        Assert.True(install.ExitCode == 0, error);
        await Admin.RunAsync(["wait", "--for=condition=Established", "crd/trails.clustertrail.io", "crd/trailselectors.clustertrail.io", "--timeout=30s"], Cancellation);
    }

    Task<string> SetSecretAsync(string secretAccessKey) => Admin.ApplyAsync(
        $$$"""{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s3", "namespace": "{{{Namespace}}}"}, "stringData": {"accessKeyId": "{{{S3Server.AccessKeyId}}}", "secretAccessKey": "{{{secretAccessKey}}}"}}""",
        Cancellation);

    // Namespaces, of which there are few, so that something is delivered and everything can be counted; and the operator's own doings.
    string TrailManifest(S3Server store, string bucket, bool logging) => new JsonObject
    {
        ["apiVersion"] = "clustertrail.io/v1alpha1",
        ["kind"] = "Trail",
        ["metadata"] = new JsonObject { ["name"] = "main" },
        ["spec"] = new JsonObject
        {
            ["clusterName"] = "test",
            ["logging"] = logging,
            ["sources"] = new JsonObject { ["apiServer"] = new JsonObject { ["type"] = "LogFile", ["logFile"] = new JsonObject { ["path"] = cluster!.Server!.AuditLog } } },
            ["selectors"] = JsonNode.Parse("""[{"level": "Metadata", "verbs": ["create", "delete"], "resources": [{"group": "", "resources": ["namespaces", "pods"]}, {"group": "clustertrail.io"}]}, {"level": "Metadata", "verbs": ["patch"], "resources": [{"group": "", "resources": ["secrets"]}]}]"""),
            ["selectorPolicy"] = new JsonObject { ["from"] = "All" },
            // This test asks as root all the time, and here no kubelet binds the operator's token to its pod: each look would change the numbers.
            ["detections"] = JsonNode.Parse("""{"packs": ["baseline"], "disable": ["root-used", "trail-operator-impersonated"]}"""),
            ["batch"] = new JsonObject { ["maxAgeSeconds"] = 1 },
            ["telemetry"] = new JsonObject { ["port"] = port },
            ["agent"] = new JsonObject { ["stateDirectory"] = folder.Join("state") },
            ["sink"] = new JsonObject
            {
                ["type"] = "S3",
                ["s3"] = new JsonObject
                {
                    ["bucket"] = bucket,
                    ["prefix"] = "trail",
                    ["region"] = "us-east-1",
                    ["endpoint"] = store.Endpoint.GetLeftPart(UriPartial.Authority),
                    ["pathStyle"] = true,
                    ["credentials"] = new JsonObject { ["type"] = "Secret", ["secret"] = new JsonObject { ["name"] = "s3" } },
                },
            },
        },
    }.ToJsonString();

    Task ConditionAsync(string type, string status, string reason) => UntilAsync(
        $"{type} is {status}, {reason}",
        () => IsAsync(type, status, reason));

    async Task<bool> IsAsync(string type, string status, string reason) =>
        await ColumnAsync($"{{.status.conditions[?(@.type==\"{type}\")].status}} {{.status.conditions[?(@.type==\"{type}\")].reason}}") == $"{status} {reason}";

    async Task<string> ColumnAsync(string path) =>
        (await Admin.TryAsync(["get", "trail", "main", "-o", $"jsonpath={(path.Contains('{') ? path : $"{{{path}}}")}"], Cancellation)).Output;

    async Task<string> StandingAsync()
    {
        var output = string.Concat(nodes?.ProcessesOf(Node).Select(one => one.Process.Output) ?? []);
        return $"{await Admin.RunAsync(["get", "trails", "-o", "yaml"], Cancellation)}\n{nodes?.Trouble}\n{output}";
    }

    async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        for (var since = Stopwatch.StartNew(); !await holds();)
        {
            if (since.Elapsed > TimeSpan.FromSeconds(90))
                Assert.Fail($"In 90 s it did not come to pass that {what}.\n{await StandingAsync()}");
            await Task.Delay(200, Cancellation);
        }
    }

    // A finding brings along the metadata of an event that nobody selected; that is not what a selector recorded.
    static bool Concerns(JsonElement record, string resource, string @namespace) =>
        record.GetProperty("eventCategory").GetString() != "Insight"
        && record.TryGetProperty("event", out var audited) && audited.TryGetProperty("objectRef", out var reference)
        && reference.GetProperty("resource").GetString() == resource
        && ((reference.TryGetProperty("namespace", out var within) && within.GetString() == @namespace) || (reference.TryGetProperty("name", out var name) && name.GetString() == @namespace));
}
