using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Completeness;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Tests.Completeness;

public sealed class CountPairsTests
{
    static readonly Dictionary<string, string> Nodes = new() { ["10.0.0.1"] = "cp-1", ["10.0.0.2"] = "cp-2" };

    static readonly CountPairs Beside = new(Nodes.GetValueOrDefault, [], ComparedSource.Log);

    static readonly CountPairs Sent = new(Nodes.GetValueOrDefault, ["cp-1", "cp-2"], new(
        IsSent: true, IsBeside: false, MostLag: TimeSpan.FromMinutes(2), MostAge: TimeSpan.FromMinutes(2)));

    [Fact]
    public void AnAgentReadsTheEventsOfTheServerOfItsNode()
    {
        var (rounds, problem) = Compare(Beside, [Made("10.0.0.1", 100, 110), Made("10.0.0.2", 7, 8)], Agent("cp-1", 90), Agent("cp-2", 3));

        Assert.Null(problem);
        Assert.Equal([("cp-1", 100, 90, 110), ("cp-2", 7L, 3L, 8L)], rounds.Select(Numbers));
    }

    [Fact]
    public void WhereThatIsNotKnownTheSumsAreCompared()
    {
        ServerCounts[] made = [Made("192.0.2.1", 100, 110), Made("10.0.0.2", 7, 8)];

        Assert.Equal(
            [(CompletenessView.All, 107L, 93L, 118L)], Compare(Beside, made, Agent("cp-1", 90), Agent("cp-2", 3)).Rounds.Select(Numbers));
        Assert.Equal([(CompletenessView.All, 107L, 90L, 118L)], Compare(Sent, made, Agent("collector", 90)).Rounds.Select(Numbers));
    }

    [Fact]
    public void OneThatIsAwayKeepsNoOtherFromBeingCompared()
    {
        ServerCounts[] made = [Made("10.0.0.1", 100, 110), Made("10.0.0.2", 7, 8)];

        var (silent, why) = Compare(Beside, made, Agent("cp-1", 90), ("cp-2", null));
        var (missing, none) = Compare(Beside, made, Agent("cp-1", 90));
        var (failed, cause) = Compare(
            Beside, [made[0], made[1] with { After = new(null, "Connection refused.") }], Agent("cp-1", 90), Agent("cp-2", 3));

        Assert.Equal(["cp-1"], silent.Select(one => one.Name));
        Assert.Equal("the agent on cp-2 does not answer.", why);
        Assert.Equal(["cp-1"], missing.Select(one => one.Name));
        Assert.Equal("there is no agent on cp-2.", none);
        Assert.Equal(["cp-1"], failed.Select(one => one.Name));
        Assert.Equal("the API server at 10.0.0.2:6443: Connection refused.", cause);
    }

    [Fact]
    public void SumsAreComparedOnlyWhenAllAnswer()
    {
        ServerCounts[] made = [Made("192.0.2.1", 100, 110), Made("10.0.0.2", 7, 8)];

        Assert.Equal(([], "the agent on cp-2 does not answer."), Compare(Beside, made, Agent("cp-1", 90), ("cp-2", null)));
        Assert.Equal(([], "there is no agent."), Compare(Beside, made));
    }

    [Fact]
    public void AServerOrACountThatBeganAnewIsAnother()
    {
        var before = Compare(Beside, [Made("10.0.0.1", 1, 1)], Agent("cp-1", 1)).Rounds.Single().Round;
        var restarted = Compare(Beside, [Made("10.0.0.1", 1, 1, startedAt: 2)], Agent("cp-1", 1)).Rounds.Single().Round;
        var anew = Compare(Beside, [Made("10.0.0.1", 1, 1)], Agent("cp-1", 1, Some.Noon.AddHours(1))).Rounds.Single().Round;
        var later = Compare(Beside, [Made("10.0.0.1", 9, 9)], Agent("cp-1", 9)).Rounds.Single().Round;

        Assert.NotEqual(before.Server, restarted.Server);
        Assert.NotEqual(before.Agent, anew.Agent);
        Assert.Equal((before.Server, before.Agent), (later.Server, later.Agent));
    }

    [Theory]
    [InlineData(5000, 0.9, 0.5, null)]
    [InlineData(1, 1.1, 0.5, "the agent on cp-1 is behind.")]
    [InlineData(0, 0, 1.4, null)]
    // Younger than the API servers' first answers, which are two seconds old.
    [InlineData(0, 0, 1.9, "the agent on cp-1 is behind.")]
    [InlineData(0, 0, 6, "the agent on cp-1 is behind.")]
    public void AnAgentThatIsBehindWhatItReadsIsNotCompared(long lagBytes, double lagSeconds, double age, string? problem)
    {
        var (node, status) = Agent("cp-1", 1);
        var source = status!.Sources[0];
        var late = status with
        {
            Sources = [source with { LagBytes = lagBytes, LagSeconds = lagSeconds, Counted = source.Counted! with { AgeSeconds = age } }],
        };

        Assert.Equal(problem, Compare(Beside, [Made("10.0.0.1", 1, 1)], (node, late)).Problem);
    }

    [Fact]
    public void WhatHasJustBegunIsNotCompared()
    {
        var made = Made("10.0.0.1", 1, 1);
        var again = made with { After = new(made.Now with { StartedAt = 9 }, null) };
        var back = made with { Before = new(null, "it answers 500 to /metrics") };

        Assert.Contains("has just restarted", Compare(Beside, [again], Agent("cp-1", 1)).Problem, StringComparison.Ordinal);
        Assert.Contains(
            "was found a moment ago", Compare(Beside, [made with { Before = null }], Agent("cp-1", 1)).Problem, StringComparison.Ordinal);
        Assert.Equal(
            "the API server at 10.0.0.1:6443 answers again; when it was asked before: it answers 500 to /metrics.",
            Compare(Beside, [back], Agent("cp-1", 1)).Problem);
        Assert.Equal("the Service kubernetes has no endpoints.", Compare(Beside, [], Agent("cp-1", 1)).Problem);
    }

    [Fact]
    public void AnAgentThatHasReadNothingSinceItStartedDoesNotKnowHowFarItIsBehind()
    {
        var restarted = With(
            Agent("cp-1", 10), source => source with { LagBytes = 800_000_000, LagSeconds = 0, LastEventAt = null, ReadEvents = 0 });

        Assert.Equal("the agent on cp-1 is behind.", Compare(Beside, [Made("10.0.0.1", 1000, 1000)], restarted).Problem);
    }

    [Theory]
    [InlineData(SourceState.Starting, "the agent on cp-1 has just started.")]
    [InlineData(SourceState.Blocked, "the agent on cp-1 does not read (Blocked: The spool is full).")]
    [InlineData(SourceState.Failed, "the agent on cp-1 does not read (Failed: The spool is full).")]
    [InlineData(SourceState.Stopped, "the agent on cp-1 does not read (Stopped: The spool is full).")]
    // Its log is not there, and API servers make events.
    [InlineData(SourceState.Waiting, null)]
    [InlineData(SourceState.Idle, null)]
    public void AnAgentThatWillReadLaterIsNotCompared(SourceState state, string? problem) => Assert.Equal(
        problem,
        Compare(Beside, [Made("10.0.0.1", 1000, 1000)], With(Agent("cp-1", 10), source => source with { State = state, Message = "The spool is full." }))
            .Problem);

    [Fact]
    public void AnOlderAgentCountsNothing() => Assert.Equal(
        "the agent on cp-1 does not count what it reads: it is of an older version.",
        Compare(Beside, [Made("10.0.0.1", 1, 1)], With(Agent("cp-1", 10), source => source with { Counted = null })).Problem);

    [Fact]
    public void ASumWithoutTheAgentOfANodeIsNoSum()
    {
        ServerCounts[] made = [Made("192.0.2.1", 100, 110), Made("10.0.0.2", 7, 8)];
        var known = new CountPairs(Nodes.GetValueOrDefault, ["cp-1", "cp-2"], ComparedSource.Log);

        // No pod was made for cp-2: by its node's label, and where that is not known, by the number of API servers.
        Assert.Equal(([], "there is no agent on cp-2."), Compare(known, made, Agent("cp-1", 90)));
        Assert.Equal(([], "there are 2 API servers and 1 agents."), Compare(Beside, made, Agent("cp-1", 90)));
    }

    [Fact]
    public void ErrorsOfAnotherKindOfSourceAreNoReason()
    {
        var made = Made("10.0.0.1", 1, 1);
        made = made with { After = new(made.Now with { NotLogged = 3, NotSent = 5 }, null) };

        Assert.Equal(new(3, 0, 0), Assert.Single(Compare(Beside, [made], Agent("cp-1", 1)).Rounds).Round.Causes);
        Assert.Equal(new(0, 5, 0), Assert.Single(Compare(Sent, [made], Agent("collector", 1)).Rounds).Round.Causes);
    }

    [Fact]
    public void WhatAnAgentSaysOverflowsNoSum()
    {
        ServerCounts[] made = [Made("192.0.2.1", 100, 110), Made("10.0.0.2", 7, 8)];

        var round = Assert.Single(Compare(Beside, made, Agent("cp-1", long.MaxValue), Agent("cp-2", long.MaxValue)).Rounds).Round;

        Assert.True(round.Read > 0 && round.Offset.Least < 0);
    }

    static (string Node, AgentStatus? Status) With((string Node, AgentStatus? Status) agent, Func<SourceStatus, SourceStatus> change) =>
        (agent.Node, agent.Status! with { Sources = [change(agent.Status.Sources[0])] });

    // The first problem is the one that people are told.
    static (IReadOnlyList<(string Name, CountRound Round)> Rounds, string? Problem) Compare(
        CountPairs pairs, IReadOnlyList<ServerCounts> made, params (string Node, AgentStatus? Status)[] agents)
    {
        var (rounds, problems) = pairs.Compare(made, agents.ToDictionary(agent => agent.Node, agent => agent.Status), Some.Noon);
        Assert.Empty(rounds.Select(one => one.Name).Intersect(problems.Select(one => one.Name)));
        return (rounds, problems is [var first, ..] ? first.Why : null);
    }

    static (string, long, long, long) Numbers((string Name, CountRound Round) one) =>
        (one.Name, one.Round.MadeBefore, one.Round.Read, one.Round.MadeAfter);

    static ServerCounts Made(string host, long before, long after, double startedAt = 1) => new(
        new(host, 6443), new(new(startedAt, before, 0, 0), null), new(new(startedAt, after, 0, 0), null));

    static (string Node, AgentStatus? Status) Agent(string node, long lines, DateTimeOffset? since = null)
    {
        var status = Some.Status();
        return (node, status with
        {
            Agent = status.Agent with { NodeName = node },
            Sources = [status.Sources[0] with { Counted = new() { Lines = lines, Since = since ?? Some.Noon, AgeSeconds = 0.2 } }],
        });
    }
}
