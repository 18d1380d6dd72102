using System.Text.Json.Nodes;
using ClusterTrail.Contract.Status;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Operator.Tests.Completeness;

/// <summary>A whole operator with agents and an API server's page, on a clock that is stepped.</summary>
public sealed class CompletenessKeeperTests
{
    const string Complete = CompleteCondition.Type;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    long made = 1000;
    long read = 1000;
    SourceState state = SourceState.Reading;

    [Fact]
    public async Task WhatIsMissingIsToldAndNotForgottenByTheNextOperator()
    {
        await using var world = await ComparedAsync(trail => trail);
        await WithinAsync(world, 60, "True", "AllRead");
        await world.AdvanceAsync(300);

        (made, read) = (2000, 1993);
        await WithinAsync(world, 150, "False", "AnotherLog");
        Assert.StartsWith(
            "On cp-1: 7 events that the API server made were not read", await world.MessageAsync(Complete), StringComparison.Ordinal);

        // What a full spool keeps it from reading is not missing.
        (made, state) = (9000, SourceState.Blocked);
        await world.RestartOperatorAsync();
        await world.AdvanceAsync(600);
        Assert.Equal(("cp-1", 7), (Count(await world.TrailAsync()).Name, Count(await world.TrailAsync()).MissingAtLeast));

        // Of that as much was lost as before, and the loss is told for a day.
        (read, state) = (8986, SourceState.Reading);
        await world.UntilAsync("the next loss is found", async () => Count(await world.TrailAsync()).MissingAtLeast == 14, 150);
        Assert.Equal(("False", "AnotherLog"), await world.ConditionAsync(Complete));
    }

    [Fact]
    public async Task WhatWasReadLateIsTakenBackAndLogged()
    {
        await using var world = await ComparedAsync(trail => trail);
        await world.AdvanceAsync(300);
        (made, read) = (2000, 1000);
        await WithinAsync(world, 150, "False", "AnotherLog");

        read = 2000;
        await WithinAsync(world, 150, "True", "AllRead");

        Assert.Contains(
            world.Log,
            line => line.Contains("Trail main, cp-1: 1000 events that were missing have been read late", StringComparison.Ordinal));
        Assert.Equal(0, Count(await world.TrailAsync()).MissingAtLeast);
    }

    [Fact]
    public async Task WithoutARightToTheSliceTheConditionSaysSo()
    {
        await using var world = await ComparedAsync(trail => trail, world => world.Fault = call => call.Type.Plural != "endpointslices" ? null
            : new KubernetesException(new() { Code = 403, Reason = "Forbidden", Message = "endpointslices \"kubernetes\" is forbidden" }));

        await WithinAsync(world, 60, "Unknown", "NotCompared");
        await world.UntilAsync(
            "it says why", async () => (await world.MessageAsync(Complete)).Contains("is forbidden", StringComparison.Ordinal), 60);
    }

    [Fact]
    public async Task WhatIsSentIsComparedWithWhatWasMadeFiveMinutesAgo()
    {
        await using var world = await ComparedAsync(trail => trail with
        {
            Spec = trail.Spec with { Sources = new() { ApiServer = new() { Type = ApiServerSourceType.Webhook } } },
        });
        await world.AdvanceAsync(240);
        Assert.Equal("Unknown", (await world.ConditionAsync(Complete)).Status);

        // Of what was made meanwhile nothing has come yet.
        made = 1500;
        await WithinAsync(world, 180, "True", "AllRead");
        await world.AdvanceAsync(120);

        var count = Count(await world.TrailAsync());
        Assert.Equal(("cp-1", 0, 1500), (count.Name, count.MissingAtLeast, count.Events));
    }

    [Fact]
    public async Task ItsAgentIsToldAndToldAgainUntilItHasIt()
    {
        await using var world = await ComparedAsync(trail => trail);
        var chain = world.Nodes.AgentOf("cp-1").Chain;
        await world.UntilAsync("the agent is told", () => Task.FromResult(chain.Said.Count > 0), 90);
        var first = chain.Said[0];
        Assert.Equal(("main", "cp-1", false, 0), (first.Trail, first.Node, first.OfAll, first.Counts!.MissingAtLeast));
        Assert.Null(first.NotCompared);
        Assert.InRange(first.ComparedAt!.Value, world.Now.AddMinutes(-1), world.Now);

        // Without a change, once a minute.
        var before = chain.Said.Count;
        await world.AdvanceAsync(300);
        Assert.InRange(chain.Said.Count - before, 3, 6);

        // A change at once, and a request that is lost is repeated.
        chain.LosesWords = 2;
        (made, read) = (2000, 1993);
        await WithinAsync(world, 150, "False", "AnotherLog");
        await world.UntilAsync("the loss is told", () => Task.FromResult(chain.Said[^1].Counts!.MissingAtLeast == 7), 60);
        var told = chain.Said[^1];
        Assert.Equal((7, 0, 0, "AnotherLog"), (
            told.Counts!.MissingAtMost, told.Counts.EarlierMissing, told.Counts.SurplusAtLeast, told.Counts.Reason));
        Assert.NotNull(told.Counts.FoundAt);
        Assert.Contains(world.Log, line => line.Contains("What was found of completeness was not sent", StringComparison.Ordinal));

        // To one that does not read is said why nothing is compared, and what was missing.
        state = SourceState.Blocked;
        await world.UntilAsync("it is told why", () => Task.FromResult(chain.Said[^1].NotCompared is not null), 120);
        Assert.Equal("the agent on cp-1 does not read (Blocked).", chain.Said[^1].NotCompared!.Reason);
        Assert.Equal(7, chain.Said[^1].Counts!.MissingAtLeast);

        // The next operator has not compared yet, and says so.
        await world.RestartOperatorAsync();
        chain.Forget();
        await world.UntilAsync("the next operator tells it", () => Task.FromResult(chain.Said.Count > 0), 120);
        Assert.Equal((null, 7), (chain.Said[0].ComparedAt, chain.Said[0].Counts!.MissingAtLeast));
    }

    [Fact]
    public async Task AnAgentOfAnOlderVersionIsToldNothing()
    {
        await using var world = await ComparedAsync(trail => trail, world => world.Nodes.AgentOf("cp-1").Chain.TakesCompleteness = false);
        await WithinAsync(world, 60, "True", "AllRead");
        await world.AdvanceAsync(120);

        Assert.Empty(world.Nodes.AgentOf("cp-1").Chain.Said);
        Assert.DoesNotContain(world.Log, line => line.Contains("What was found of completeness was not sent", StringComparison.Ordinal));
    }

    async Task<SteppedWorld> ComparedAsync(Func<Trail, Trail> change, Action<SteppedWorld>? before = null)
    {
        var world = await SteppedWorld.RecordingAsync(["cp-1"], change);
        await world.User.As("cloud-controller-manager").ApplyStatusAsync(
            new(
                ResourceType.Of<V1Node>(),
                new()
                {
                    ["metadata"] = new JsonObject { ["name"] = "cp-1" },
                    ["status"] = new JsonObject
                    {
                        ["addresses"] = new JsonArray(new JsonObject { ["type"] = "InternalIP", ["address"] = "10.0.0.1" }),
                    },
                }),
            Cancel);
        await Slices.SaveAsync(world.User, "kubernetes", "10.0.0.1");
        world.Nodes.AgentOf("cp-1").Says = status => status with { Sources = [.. status.Sources.Select(Counted)] };
        world.Pages = new Pages(_ => Pages.Of(made));
        before?.Invoke(world);
        await world.RestartOperatorAsync();
        return world;
    }

    SourceStatus Counted(SourceStatus source) => source with
    {
        State = state,
        LagBytes = 0,
        LagSeconds = 0,
        Counted = new() { Lines = read, Since = Some.Noon, AgeSeconds = 0.1 },
    };

    static Task<int> WithinAsync(SteppedWorld world, int seconds, string status, string reason) => world.UntilAsync(
        $"{Complete} is {status}, {reason}", async () => await world.ConditionAsync(Complete) == (status, reason), seconds);

    static TrailCompleteness Count(Trail? trail) => Assert.Single(trail!.Status!.Completeness!);
}
