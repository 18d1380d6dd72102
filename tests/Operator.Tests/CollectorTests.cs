using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Operator.Model;
using ClusterTrail.Operator.Reconcile;
using ClusterTrail.Operator.Tests.Judging;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;
using k8s.Models;

namespace ClusterTrail.Operator.Tests;

/// <summary>A Trail whose API servers no agent is beside: one agent with a volume reads for all of them.</summary>
public sealed class CollectorTests
{
    const string Covered = CoveredCondition.Type;

    static readonly ObjectKey Set = new(Some.Namespace, "clustertrail-main");

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ItIsOnAnyNodeAndItsTrailIsReady()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1", "cp-2"], Collected);
        var trail = await world.TrailAsync();

        Assert.Null(await world.User.GetAsync<V1DaemonSet>(new(Some.Namespace, "clustertrail-main-apiserver"), Cancel));
        Assert.NotNull(await world.User.GetAsync<V1StatefulSet>(Set, Cancel));
        Assert.NotNull(await world.User.GetAsync<V1Service>(new(Some.Namespace, "clustertrail-main-receiver"), Cancel));
        Assert.Equal((Collector.NodeName, "clustertrail-main-0"), Assert.Single(trail!.Status!.Nodes!.Select(node => (node.Name, node.Pod!))));
        Assert.Equal((1, 1, 1, "1/1"), (trail.Status.Agents!.Nodes, trail.Status.Agents.Desired, trail.Status.Agents.Ready, trail.Status.Agents.Summary));
        Assert.Equal(("True", "AllCovered"), await world.ConditionAsync(Covered));
        Assert.Empty(await world.WarningsAsync());
    }

    [Fact]
    public async Task OfAdmissionThereIsASecretPathAndNoClientCertificate()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"], trail =>
            trail with { Spec = trail.Spec with { Sources = new() { ApiServer = new() { Type = ApiServerSourceType.Admission } } } });

        var token = await world.User.GetAsync<V1Secret>(new(Some.Namespace, "clustertrail-main-admission"), Cancel);
        Assert.Matches("^[0-9a-f]{64}$", System.Text.Encoding.ASCII.GetString(token!.Data["token"]));
        Assert.NotNull(await world.User.GetAsync<V1Secret>(new(Some.Namespace, "clustertrail-main-receiver-1"), Cancel));
        Assert.Null(await world.User.GetAsync<V1Secret>(new(Some.Namespace, "clustertrail-main-receiver-client"), Cancel));
        Assert.Equal(9444, Assert.Single((await world.User.GetAsync<V1Service>(new(Some.Namespace, "clustertrail-main-receiver"), Cancel))!.Spec.Ports).Port);
        Assert.Empty(await world.WarningsAsync());
    }

    [Fact]
    public async Task WhenItsPodIsReplacedTheTrailStaysReady()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"], Collected);
        var before = world.Seen.Count;

        var trail = Collected(Some.Trail());
        await world.ApplyAsync(trail with { Spec = trail.Spec with { Batch = new() { MaxAgeSeconds = 7 } } });
        await world.UntilAsync("it was replaced", () => Task.FromResult(world.Nodes.AgentOf("cp-1").Started == 2), 120);
        await world.AdvanceAsync(60);

        Assert.All(world.Seen.Skip(before).Where(seen => seen.Condition is "Ready" or "Receiving" or "Delivering" or "Covered"), seen =>
            Assert.Equal("True", seen.Status));
    }

    [Fact]
    public async Task ItGoesWithItsTrailAndNothingElseDoes()
    {
        await using var world = await SteppedWorld.RecordingAsync(["cp-1"], Collected);

        await world.DeleteTrailAsync();
        await world.UntilAsync("the Trail is gone", async () => await world.TrailAsync() is null, 60);

        Assert.Null(await world.User.GetAsync<V1StatefulSet>(Set, Cancel));
        Assert.Null(await world.User.GetAsync<V1Service>(new(Some.Namespace, "clustertrail-main-receiver"), Cancel));
    }

    [Fact]
    public void WithoutAPodItSaysSo()
    {
        var young = View(agent: null);

        Expected.Condition(young with { Set = null }, Covered, "Unknown", "NotScheduled", "The collector has no agent yet: the agents' StatefulSet does not exist.");
        Expected.Condition(young, Covered, "Unknown", "Scheduling", "The collector has no agent yet.");
        Expected.Condition(
            young.After(TimeSpan.FromMinutes(1)), Covered, "False", "NoPod", "kubectl describe statefulset -n clustertrail-system clustertrail-main.");
    }

    [Fact]
    public void WhatItHoldsIsWaitedForWhileItIsAway()
    {
        var before = View(new(Some.Pod(Collector.NodeName), new(Some.Status(), null, Some.Noon)));
        var away = before.After(TimeSpan.FromMinutes(1), View(agent: null));

        Assert.Equal(
            ["collector: the agent is unavailable; it last answered at 2026-11-22T12:00:00Z."], Undelivered.Of(away, new(Some.Noon.AddSeconds(-1))));
    }

    [Fact]
    public void ANodeThatIsLostIsNamedWithWhatToDo()
    {
        var lost = View(new(Some.Pod("n-7"), new(null, "no route", Some.Noon)));
        lost = lost with { Nodes = [lost.Nodes[0] with { Node = Some.Node("n-7", ready: "Unknown") }] };

        Expected.Condition(lost, Covered, "Unknown", "NodeNotReady", "after kubectl delete node n-7, if it is off for good.");
    }

    [Fact]
    public void OfAdmissionTheConditionSaysWhatItCannotSee()
    {
        var view = View(new(Some.Pod(Collector.NodeName), new(Some.Status(), null, Some.Noon)));
        var asked = view with
        {
            Trail = view.Trail with
            {
                Spec = view.Trail.Spec with { Sources = new() { ApiServer = new() { Type = ApiServerSourceType.Admission } } },
            },
        };

        Expected.Condition(
            asked, ReceivingCondition.Type, "True", "AskedByAdmission",
            "It sees no reads, refused requests, responses and source addresses, so rules about them never fire.", ready: "Recording");
    }

    [Fact]
    public void ATrailThatIsStoppedForgetsItsCounts()
    {
        var view = Some.View();
        var known = TrailStatusBuilder.Build(view);
        var stopped = view with
        {
            Trail = view.Trail with { Status = known, Spec = view.Trail.Spec with { Logging = false } },
            Completeness = null,
        };

        Assert.NotNull(known.Completeness);
        // A receiver answers meanwhile, and discards: going on with the former counts would call that a loss.
        Assert.Null(TrailStatusBuilder.Build(stopped).Completeness);
    }

    static TrailView View(AgentView? agent) => Some.View() with
    {
        Trail = Collected(Some.Trail()),
        Set = new(Collector.OwnerKind, Set.Name, "uid", IsObserved: true, Desired: 1, Ready: 0),
        Nodes = [new(Collector.NodeName) { IsCollector = true, Agent = agent }],
    };

    static Trail Collected(Trail trail) => trail with
    {
        Spec = trail.Spec with
        {
            Sources = new() { ApiServer = new() { Type = ApiServerSourceType.Webhook, Webhook = new() { Placement = WebhookPlacement.Service } } },
        },
    };
}
