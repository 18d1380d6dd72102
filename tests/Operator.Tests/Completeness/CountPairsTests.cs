using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Completeness;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Tests.Completeness;

public sealed class CountPairsTests
{
    static readonly Dictionary<string, string> Nodes = new() { ["10.0.0.1"] = "cp-1", ["10.0.0.2"] = "cp-2" };

    [Fact]
    public void AnAgentReadsTheEventsOfTheServerOfItsNode()
    {
        var (rounds, problem) = Of([Made("10.0.0.1", 100, 110), Made("10.0.0.2", 7, 8)], Agent("cp-1", 90), Agent("cp-2", 3));

        Assert.Null(problem);
        Assert.Equal(
            [("cp-1", 100, 90, 110), ("cp-2", 7L, 3L, 8L)],
            rounds.Select(one => (one.Name, one.Round.MadeBefore, one.Round.Read, one.Round.MadeAfter)));
    }

    [Fact]
    public void WhereThatIsNotKnownTheSumsAreCompared()
    {
        var (rounds, _) = Of([Made("192.0.2.1", 100, 110), Made("10.0.0.2", 7, 8)], Agent("cp-1", 90), Agent("cp-2", 3));

        Assert.Equal((CompletenessView.All, 107, 93, 118), rounds.Select(one => (one.Name, one.Round.MadeBefore, one.Round.Read, one.Round.MadeAfter)).Single());
    }

    [Fact]
    public void AServerOrACountThatBeganAnewIsAnother()
    {
        var before = Of([Made("10.0.0.1", 1, 1)], Agent("cp-1", 1)).Rounds.Single().Round;

        Assert.NotEqual(before.Server, Of([Made("10.0.0.1", 1, 1, startedAt: 2)], Agent("cp-1", 1)).Rounds.Single().Round.Server);
        Assert.NotEqual(before.Agent, Of([Made("10.0.0.1", 1, 1)], Agent("cp-1", 1, Some.Noon.AddHours(1))).Rounds.Single().Round.Agent);
        Assert.Equal((before.Server, before.Agent), Of([Made("10.0.0.1", 9, 9)], Agent("cp-1", 9)).Rounds.Select(one => (one.Round.Server, one.Round.Agent)).Single());
    }

    [Fact]
    public void NothingIsComparedWhileSomethingIsBehindOrRestarts()
    {
        Assert.StartsWith("the agent on cp-1 has more to read", Of([Made("10.0.0.1", 1, 1)], Agent("cp-1", 1, lag: 1)).Problem, StringComparison.Ordinal);
        Assert.StartsWith("no agent answers", Of([Made("10.0.0.1", 1, 1)]).Problem, StringComparison.Ordinal);
        Assert.StartsWith("the Service kubernetes has no endpoints", Of([], Agent("cp-1", 1)).Problem, StringComparison.Ordinal);
        var (server, made, _) = Made("10.0.0.1", 1, 1);
        Assert.StartsWith("the API server at 10.0.0.1 has just restarted", Of([(server, made, made with { StartedAt = 9 })], Agent("cp-1", 1)).Problem, StringComparison.Ordinal);
    }

    static (IReadOnlyList<(string Name, CountRound Round)> Rounds, string? Problem) Of(
        IReadOnlyList<(ApiServer, ServerCounters, ServerCounters)> made, params AgentStatus[] agents) =>
        CountPairs.Of(made, agents.ToDictionary(agent => agent.Agent.NodeName), Nodes.GetValueOrDefault, Some.Noon);

    static (ApiServer Server, ServerCounters Before, ServerCounters After) Made(string host, long before, long after, double startedAt = 1) =>
        (new(host, 6443), new(startedAt, before, 0, 0, 0), new(startedAt, after, 0, 0, 0));

    static AgentStatus Agent(string node, long lines, DateTimeOffset? since = null, long lag = 0)
    {
        var status = Some.Status();
        return status with
        {
            Agent = status.Agent with { NodeName = node },
            Sources = [status.Sources[0] with { LagBytes = lag, Counted = new() { Lines = lines, Since = since ?? Some.Noon, LastAt = Some.Noon } }],
        };
    }
}
