using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Contract.Status;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;
using ClusterTrail.Testing.Cluster;

namespace ClusterTrail.EndToEnd.Operator;

/// <summary>A Trail, from <c>helm install</c> to records in a bucket, on a real API server whose own audit log is recorded.</summary>
[Collection(S3Fixture.Collection)]
[Requires(Requires.Cluster, Requires.S3, Requires.Helm)]
public sealed class OperatorTests(S3Fixture s3) : IAsyncDisposable
{
    const string Namespace = OperatedCluster.Namespace;
    const string Node = "cp-1";

    readonly int port = FreePort.Next();
    OperatedCluster? cluster;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    KubectlUser Admin => cluster!.Admin;

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null)
            await cluster.DisposeAsync();
    }

    [Fact]
    public async Task ATrailRecordsItsClusterAndTellsHowItGoes()
    {
        cluster = await OperatedCluster.StartAsync();
        var store = await s3.StartedAsync();
        var bucket = await store.CreateBucketAsync();
        await cluster.InstallAsync();

        // A Trail becomes an agent that records this very cluster.
        await SetSecretAsync(S3Server.SecretAccessKey);
        await Admin.ApplyAsync(TrailManifest(store, bucket, logging: true), Cancellation);
        await cluster.StartNodesAsync(nodes => nodes.AddControlPlaneNodeAsync(Node, Cancellation));
        await ConditionAsync("Ready", "True", "Recording");
        Assert.Equal($"s3://{bucket}/trail", await ColumnAsync(".status.sink"));

        await TheAgentSignsWhatItReportsAsync();
        await ABrokenCredentialIsToldAndHealsAsync();
        await ATrailSelectorAddsItsNamespaceOnlyAsync(store, bucket, cluster.Runtime);
        await NumbersMatchWhatIsInTheBucketAsync(store, bucket);
        await DeletionIsCleanAsync();
    }

    // The operator believes it: the Trail is ready. It would not believe a pod with this label without the signature.
    async Task TheAgentSignsWhatItReportsAsync()
    {
        const string nonce = "0123abcd";
        var pod = Assert.Single(await cluster!.Nodes.PodsAsync(Namespace, Cancellation));
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
            await cluster!.Cluster.CreateNamespaceAsync(Cancellation);
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
        var (team, other) = (await cluster!.Cluster.CreateNamespaceAsync(Cancellation), await cluster.Cluster.CreateNamespaceAsync(Cancellation));
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

        await UntilAsync("the agent is gone", () => Task.FromResult(cluster!.Nodes.ProcessesOf(Node).Count == 0));
        var left = await Admin.RunAsync(["get", "daemonsets,configmaps,serviceaccounts,networkpolicies", "-n", Namespace, "-l", "clustertrail.io/trail=main", "-o", "name"], Cancellation);
        // The heads and keys of its chains outlive it, as the archive does.
        Assert.All(
            left.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            name => Assert.StartsWith("configmap/clustertrail.chains.main.", name, StringComparison.Ordinal));
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
            ["sources"] = new JsonObject { ["apiServer"] = new JsonObject { ["type"] = "LogFile", ["logFile"] = new JsonObject { ["path"] = cluster!.Cluster.Server!.AuditLog } } },
            ["selectors"] = JsonNode.Parse("""[{"level": "Metadata", "verbs": ["create", "delete"], "resources": [{"group": "", "resources": ["namespaces", "pods"]}, {"group": "clustertrail.io"}]}, {"level": "Metadata", "verbs": ["patch"], "resources": [{"group": "", "resources": ["secrets"]}]}]"""),
            ["selectorPolicy"] = new JsonObject { ["from"] = "All" },
            // This test asks as root all the time, and here no kubelet binds the operator's token to its pod: each look would change the numbers.
            ["detections"] = JsonNode.Parse("""{"packs": ["baseline"], "disable": ["root-used", "trail-operator-impersonated"]}"""),
            ["batch"] = new JsonObject { ["maxAgeSeconds"] = 1 },
            ["telemetry"] = new JsonObject { ["port"] = port },
            ["agent"] = new JsonObject { ["stateDirectory"] = cluster!.Join("state") },
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

    Task ConditionAsync(string type, string status, string reason) =>
        UntilAsync($"{type} is {status}, {reason}", () => IsAsync(type, status, reason));

    async Task<bool> IsAsync(string type, string status, string reason) => await cluster!.ConditionAsync(type) == $"{status} {reason}";

    Task<string> ColumnAsync(string path) => cluster!.ColumnAsync(path);

    Task UntilAsync(string what, Func<Task<bool>> holds) => cluster!.UntilAsync(what, holds);

    // A finding brings along the metadata of an event that nobody selected; that is not what a selector recorded.
    static bool Concerns(JsonElement record, string resource, string @namespace) =>
        record.GetProperty("eventCategory").GetString() != "Insight"
        && record.TryGetProperty("event", out var audited) && audited.TryGetProperty("objectRef", out var reference)
        && reference.GetProperty("resource").GetString() == resource
        && ((reference.TryGetProperty("namespace", out var within) && within.GetString() == @namespace) || (reference.TryGetProperty("name", out var name) && name.GetString() == @namespace));
}
