using ClusterTrail.Contract.Selectors;
using ClusterTrail.Contract.Status;
using ClusterTrail.Kubernetes;
using ClusterTrail.Testing;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;
using k8s.Models;

namespace ClusterTrail.Operator.Tests;

/// <summary>The whole operator on a cluster in memory: a Trail becomes objects, and its agents' state becomes its status.</summary>
public sealed class OperatorTests : IAsyncDisposable
{
    readonly OperatorWorld world = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task ATrailBecomesItsObjects()
    {
        world.StartOperator();

        await world.ApplyAsync(Some.Trail());

        await ExistsAsync("daemonsets", "clustertrail-main-apiserver");
        await ExistsAsync("serviceaccounts", "clustertrail-main");
        await ExistsAsync("networkpolicies", "clustertrail-main");
        Assert.Contains("\"clusterName\": \"prod\"", await world.FileAsync("agent.json"), StringComparison.Ordinal);
        await world.HasConditionAsync("Accepted", "True", "Valid");
        Assert.Contains("clustertrail.io/deliver", (await world.TrailAsync()).Metadata.Finalizers!);
    }

    [Fact]
    public async Task WhatAnAgentSaysBecomesTheStatus()
    {
        await using var agent = await AgentDouble.StartAsync();
        await RunningAsync(agent);

        await world.HasConditionAsync("Ready", "True", "Recording");

        var status = (await world.TrailAsync()).Status!;
        Assert.Equal(("s3://audit/prod", "1/1", 60L, "prod/events/x"), (status.Sink, status.Agents!.Summary, status.DeliveredEvents, status.LastObject));
    }

    [Fact]
    public async Task ATroubleOfTheSinkIsToldOnceWhenItComesAndOnceWhenItGoes()
    {
        await using var agent = await AgentDouble.StartAsync();
        await RunningAsync(agent);
        await world.HasConditionAsync("Delivering", "True", "SinkConfirms");
        var healthy = agent.Status;

        agent.Status = healthy with { Sinks = [healthy.Sinks[0] with { LastError = new(Some.Noon, Some.Noon, "SignatureDoesNotMatch", "Wrong key.", 3) }] };
        await world.HasConditionAsync("Delivering", "False", "SignatureDoesNotMatch");
        agent.Status = agent.Status with { Sinks = [agent.Status.Sinks[0] with { LastError = new(Some.Noon.AddSeconds(9), Some.Noon, "SignatureDoesNotMatch", "Wrong key.", 4) }] };
        await Task.Delay(500, Cancellation); // several polls
        agent.Status = healthy;
        await world.HasConditionAsync("Delivering", "True", "SinkConfirms");

        await Eventually.HoldsAsync("both are reported", async () => (await world.EventsAsync()).Count(reported => reported.Reason is "Delivering") == 2, Cancellation);
        Assert.Single(await world.EventsAsync(), reported => reported.Reason == "NotDelivering");
    }

    [Fact]
    public async Task AWrongSpecLeavesRunningAgentsOnTheLastGoodConfiguration()
    {
        world.StartOperator();
        var trail = Some.Trail();
        await world.ApplyAsync(trail);
        await world.HasConditionAsync("Accepted", "True", "Valid");
        var before = (await world.FileAsync("selectors.json"), await world.FileAsync("agent.json"));

        await world.ApplyAsync(trail with
        {
            Spec = trail.Spec with { ClusterName = "other", Selectors = [new() { Level = SelectorLevel.Metadata, Fields = [new() { Path = "verb", Operator = FieldOperator.Matches, Values = ["("] }] }] },
        });

        await world.HasConditionAsync("Accepted", "False", "InvalidSpec");
        var reported = (await world.TrailAsync()).Status!.Conditions!.Single(condition => condition.Type == "Accepted").Message;
        Assert.Contains("spec.selectors[0].fields[0].values[0] is \"(\"", reported, StringComparison.Ordinal);
        Assert.Equal(before, (await world.FileAsync("selectors.json"), await world.FileAsync("agent.json")));
    }

    [Fact]
    public async Task ASecretThatIsMissingIsWaitedFor()
    {
        world.StartOperator();
        var trail = Some.Trail();
        var secret = new CredentialsSecret { Name = "s3" };
        await world.ApplyAsync(trail with { Spec = trail.Spec with { Sink = trail.Spec.Sink with { S3 = trail.Spec.Sink.S3! with { Credentials = new() { Type = TrailCredentialsType.Secret, Secret = secret } } } } });
        await world.HasConditionAsync("Accepted", "False", "SecretNotFound");
        Assert.Null(await world.FindAsync("daemonsets", "clustertrail-main-apiserver"));

        await world.User.ApplyAsync(Secret("s3", "accessKeyId"), Cancellation);
        await world.HasConditionAsync("Accepted", "False", "KeyNotFound");
        await world.User.ApplyAsync(Secret("s3", "accessKeyId", "secretAccessKey"), Cancellation);

        await world.HasConditionAsync("Accepted", "True", "Valid");
        await ExistsAsync("daemonsets", "clustertrail-main-apiserver");
    }

    [Fact]
    public async Task WhatSomebodyElseChangesOrDeletesIsMended()
    {
        world.StartOperator();
        await world.ApplyAsync(Some.Trail());
        await world.HasConditionAsync("Accepted", "True", "Valid");
        var right = await world.FileAsync("selectors.json");

        await world.User.ApplyAsync(new(ResourceType.Of<V1ConfigMap>(), new() { ["metadata"] = Metadata("clustertrail-main"), ["data"] = new System.Text.Json.Nodes.JsonObject { ["selectors.json"] = "{}" } }), Cancellation);
        await Eventually.HoldsAsync("the file is mended", async () => await world.FileAsync("selectors.json") == right, Cancellation);
        await world.User.DeleteAsync(ResourceType.Of<V1DaemonSet>(), new(Some.Namespace, "clustertrail-main-apiserver"), Cancellation);

        await ExistsAsync("daemonsets", "clustertrail-main-apiserver");
    }

    [Fact]
    public async Task WhenNothingChangesNothingIsWritten()
    {
        await using var agent = await AgentDouble.StartAsync();
        await RunningAsync(agent);
        await world.HasConditionAsync("Ready", "True", "Recording");
        await Task.Delay(500, Cancellation); // what was on its way comes to rest
        world.Writes.Clear();

        await Task.Delay(1500, Cancellation); // fifteen polls

        Assert.Empty(world.Writes);
    }

    [Fact]
    public async Task PodMonitorsComeWhenTheirKindDoes()
    {
        world.StartOperator();
        await world.ApplyAsync(Some.Trail());
        await ExistsAsync("daemonsets", "clustertrail-main-apiserver");
        Assert.Null(await world.FindAsync("podmonitors", "clustertrail-main"));

        await world.DefineAsync(new("monitoring.coreos.com", "v1", "PodMonitor", "podmonitors"));

        await ExistsAsync("podmonitors", "clustertrail-main");
    }

    [Fact]
    public async Task ADeletedTrailGoesWhenItsAgentHasDeliveredWhatItHeld()
    {
        await using var agent = await AgentDouble.StartAsync();
        await RunningAsync(agent);
        await world.HasConditionAsync("Ready", "True", "Recording");
        agent.Status = agent.Status.With(SourceState.Stopped) with { Spool = agent.Status.Spool with { Batches = 2, Bytes = 1000 } };

        await world.User.DeleteAsync(ResourceType.Of<Trail>(), new(null, "main"), Cancellation);
        await Eventually.HoldsAsync("agents are stopped", async () => (await world.FileAsync("agent.json"))?.Contains("\"logging\": false", StringComparison.Ordinal) == true, Cancellation);
        Assert.NotNull(await world.FindTrailAsync());
        agent.Status = agent.Status with { Spool = agent.Status.Spool with { Batches = 0, Bytes = 0 } };

        await Eventually.HoldsAsync("the Trail is gone", async () => await world.FindTrailAsync() is null, Cancellation);
        Assert.Null(await world.FindAsync("daemonsets", "clustertrail-main-apiserver"));
        Assert.Null(await world.FileAsync("agent.json"));
    }

    [Fact]
    public async Task ADeletedTrailDoesNotWaitForEverAndSaysWhatWasLeft()
    {
        world.DeletionGrace = TimeSpan.FromMilliseconds(300);
        await using var agent = await AgentDouble.StartAsync();
        await RunningAsync(agent);
        await world.HasConditionAsync("Ready", "True", "Recording");
        agent.Status = agent.Status with
        {
            Spool = agent.Status.Spool with { Batches = 2, Bytes = 1000 },
            Sinks = [agent.Status.Sinks[0] with { LastError = new(Some.Noon, Some.Noon, "Timeout", "It does not answer.", 1) }],
        };
        await world.HasConditionAsync("Delivering", "False", "Timeout");

        await world.User.DeleteAsync(ResourceType.Of<Trail>(), new(null, "main"), Cancellation);

        await Eventually.HoldsAsync("the Trail is gone", async () => await world.FindTrailAsync() is null, Cancellation);
        var reported = Assert.Single(await world.EventsAsync(), reported => reported.Reason == "DeletedUndelivered");
        Assert.Contains("cp-1: 2 batches of 1000 bytes wait for the sink.", reported.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherReplicaTakesOverAtOnce()
    {
        var stopFirst = world.StartOperator("first");
        await world.ApplyAsync(Some.Trail("one"));
        await world.HasConditionAsync("Accepted", "True", "Valid", "one");
        world.StartOperator("second");
        Assert.DoesNotContain(world.Writes, write => write.StartsWith("second", StringComparison.Ordinal));

        await stopFirst();
        await world.ApplyAsync(Some.Trail("two"));

        await world.HasConditionAsync("Accepted", "True", "Valid", "two");
        Assert.Contains(world.Writes, write => write.StartsWith("second: apply daemonsets", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AGraveFindingIsToldAsAnEventAndStandsInTheStatus()
    {
        await using var agent = await AgentDouble.StartAsync();
        await RunningAsync(agent);
        await world.HasConditionAsync("DetectionsEvaluable", "True", "Evaluable");
        var quiet = agent.Status;

        agent.Status = quiet.With(detections => detections with
        {
            Findings = [new("pod-exec", "high", "Somebody ran a command in a pod.", 2, DateTimeOffset.UtcNow, "e2"), new("anonymous", "low", "Nobody knows who.", 7, DateTimeOffset.UtcNow, "e7")],
            CannotFire = [new("secret-dump", "level RequestResponse", 4)],
        });

        await world.HasConditionAsync("DetectionsEvaluable", "False", "RulesCannotFire");
        await world.HasConditionAsync("Ready", "True", "Recording");
        await Eventually.HoldsAsync("the finding is reported", async () => (await world.EventsAsync()).Any(reported => reported.Reason == "Detected"), Cancellation);
        await Task.Delay(500, Cancellation); // several polls
        var reported = Assert.Single(await world.EventsAsync(), reported => reported.Reason == "Detected");
        Assert.StartsWith("pod-exec (high): 2 findings on cp-1, the newest at ", reported.Note, StringComparison.Ordinal);
        Assert.EndsWith(", eventID e2: Somebody ran a command in a pod.", reported.Note, StringComparison.Ordinal);
        var status = (await world.TrailAsync()).Status!.Detections!;
        Assert.Equal((9L, 2L, 7L), (status.Findings, status.BySeverity!.High, status.BySeverity.Low));
        Assert.Equal(["secret-dump"], status.CannotFire!);
    }

    [Fact]
    public async Task WhoTakesOverTellsAFindingOnceMoreAtMost()
    {
        await using var agent = await AgentDouble.StartAsync();
        var stopFirst = await RunningAsync(agent);
        agent.Status = agent.Status.With(detections => detections with { Findings = [new("pod-exec", "critical", "Somebody ran a command.", 1, DateTimeOffset.UtcNow, "e1")] });
        await Eventually.HoldsAsync("the finding is reported", async () => await ReportedAsync() == 1, Cancellation);

        world.StartOperator("second");
        await stopFirst();
        await Eventually.HoldsAsync("the second leads and tells", async () => await ReportedAsync() == 2, Cancellation);
        await Task.Delay(500, Cancellation); // several polls

        Assert.Equal(2, await ReportedAsync());

        async Task<int> ReportedAsync() => (await world.EventsAsync()).Count(reported => reported.Reason == "Detected");
    }

    async Task<Func<Task>> RunningAsync(AgentDouble agent)
    {
        var stop = world.StartOperator();
        var trail = Some.Trail();
        await world.ApplyAsync(trail with { Spec = trail.Spec with { Telemetry = new() { Port = agent.Port } } });
        await Eventually.HoldsAsync("selectors are there", async () => await world.FileAsync("selectors.json") is not null, Cancellation);
        agent.Status = Some.Status(AgentFiles.Hash((await world.FileAsync("selectors.json"))!)) with { Detections = Some.Detections(AgentFiles.Hash((await world.FileAsync("detections.json"))!)) };
        await ExistsAsync("daemonsets", "clustertrail-main-apiserver");
        await world.RunAgentAsync();
        return stop;
    }

    Task ExistsAsync(string plural, string name) => Eventually.HoldsAsync($"{plural} {name} is there", async () => await world.FindAsync(plural, name) is not null, Cancellation);

    static JsonResource Secret(string name, params string[] keys) => new(ResourceType.Of<V1Secret>(), new()
    {
        ["metadata"] = Metadata(name),
        ["data"] = new System.Text.Json.Nodes.JsonObject(keys.Select(key => KeyValuePair.Create<string, System.Text.Json.Nodes.JsonNode?>(key, "eA=="))),
    });

    static System.Text.Json.Nodes.JsonObject Metadata(string name) => new() { ["name"] = name, ["namespace"] = Some.Namespace };
}
