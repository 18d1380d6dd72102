using ClusterTrail.Agent.Execs;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Execs;

public class ProcessJoinerTests
{
    readonly ManualTime time = new();
    readonly HandedExecs handed;
    readonly ProcessJoiner joiner;

    public ProcessJoinerTests()
    {
        handed = new(SomeExec.Origin, time);
        joiner = new(handed, isExpected: true, time);
        time.Advance(TimeSpan.FromMinutes(1));
    }

    DateTimeOffset Now => time.GetUtcNow();

    [Fact]
    public void AProcessWaitsUntilAllEventsOfItsTimeAreHere()
    {
        var process = SomeExec.Process(Now);
        Know();
        Hand(Now.AddSeconds(4), SomeExec.Event(Now));
        Assert.True(joiner.MustWait(process));

        Hand(Now.AddSeconds(5));

        Assert.False(joiner.MustWait(process));
        var origin = joiner.Decide(process);
        Assert.Equal((StartedBy.ApiRequest, null), (origin.StartedBy, origin.Reason));
        Assert.Equal("alice", Assert.Single(origin.Events).UserIdentity.UserName);
    }

    [Fact]
    public void ItWaitsNoLongerThanTwentySeconds()
    {
        var process = SomeExec.Process(Now);
        time.Advance(TimeSpan.FromSeconds(19));
        Assert.True(joiner.MustWait(process));

        time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(joiner.MustWait(process));
        Assert.Equal(StartedBy.NotEvaluable, joiner.Decide(process).StartedBy);
    }

    [Fact]
    public void WithoutAnyApiEventItIsUnexplained()
    {
        Know();
        Hand(Now.AddSeconds(5), SomeExec.Event(Now, "alice", "bash"));

        Assert.Equal(StartedBy.Unexplained, Decide(SomeExec.Process(Now)).StartedBy);
    }

    [Fact]
    public void WhatTheKubeletExecutesIsItsOwnAndDoesNotWait()
    {
        Know(["cat", "/healthy"]);

        var probe = SomeExec.Process(Now, "cat", "/healthy");

        Assert.False(joiner.MustWait(probe));
        Assert.Equal(StartedBy.PodSpec, joiner.Decide(probe).StartedBy);
    }

    [Fact]
    public void AVariableInAProbeStandsForAnyText()
    {
        Know(["check", "--port=$(PORT)"]);
        Hand(Now.AddSeconds(5));

        Assert.Equal(StartedBy.PodSpec, Decide(SomeExec.Process(Now, "check", "--port=8080")).StartedBy);
        Assert.Equal(StartedBy.Unexplained, Decide(SomeExec.Process(Now, "sh", "--port=8080")).StartedBy);
    }

    [Fact]
    public void WhatAProbesShellReplacesStandsForNothingElse()
    {
        Know(["sh", "-c", "test $(date +%s) -gt 0"]);
        Hand(Now.AddSeconds(5));

        Assert.Equal(StartedBy.PodSpec, Decide(SomeExec.Process(Now, "sh", "-c", "test $(date +%s) -gt 0")).StartedBy);
        Assert.Equal(StartedBy.Unexplained, Decide(SomeExec.Process(Now, "sh", "-c", "cat /secret")).StartedBy);
    }

    [Fact]
    public void NothingIsUnexplainedBeforeItIsKnownWhatTheKubeletExecutes()
    {
        Hand(Now.AddSeconds(5));
        var process = SomeExec.Process(Now);
        Assert.True(joiner.MustWait(process));
        time.Advance(ProcessJoiner.Longest);

        Assert.Equal(StartedBy.NotEvaluable, Decide(process).StartedBy);
    }

    [Fact]
    public void WithoutCompleteEventsNothingIsUnexplainedAndNobodyIsNamedForCertain()
    {
        Know();
        var (known, unknown) = (SomeExec.Process(Now), SomeExec.Process(Now, "other"));
        Hand(null, SomeExec.Event(Now));
        time.Advance(ProcessJoiner.Longest);

        var joined = Decide(known);
        Assert.Equal(StartedBy.ApiRequest, joined.StartedBy);
        Assert.NotNull(joined.Reason);
        Assert.Equal(StartedBy.NotEvaluable, Decide(unknown).StartedBy);
        Assert.Contains("An agent does not answer.", joiner.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void WhoEntersOnlyNamespacesIsUnexplainedAtOnce()
    {
        var line = SomeExec.Line(Now, 1, "EnteredNamespaces");
        var process = EnteredProcess.Read(System.Text.Encoding.UTF8.GetBytes(line))!;

        Assert.False(joiner.MustWait(process));
        Assert.Equal(StartedBy.Unexplained, joiner.Decide(process).StartedBy);
    }

    [Fact]
    public void AfterAStartTheOperatorGetsTimeToComeBack()
    {
        var process = SomeExec.Process(Now.AddMinutes(-3));
        var restarted = new ProcessJoiner(handed, isExpected: true, time);

        Assert.True(restarted.MustWait(process));
        time.Advance(ProcessJoiner.AtStart);
        Assert.False(restarted.MustWait(process));
    }

    [Fact]
    public void WithoutAnOperatorNothingWaits()
    {
        var alone = new ProcessJoiner(handed, isExpected: false, time);

        Assert.False(alone.MustWait(SomeExec.Process(Now)));
        Assert.Equal(StartedBy.NotEvaluable, alone.Decide(SomeExec.Process(Now)).StartedBy);
        Assert.NotNull(alone.Problem);
    }

    [Fact]
    public void WhetherItIsLiveShows()
    {
        Assert.NotNull(joiner.Problem);
        Hand(Now);
        Assert.Null(joiner.Problem);
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.NotNull(joiner.Problem);
    }

    ProcessOrigin Decide(EnteredProcess process)
    {
        Assert.False(joiner.MustWait(process));
        return joiner.Decide(process);
    }

    // Asked for, and answered.
    void Know(params string[][] commands)
    {
        joiner.MustWait(SomeExec.Process(Now, "unknown"));
        Take(SomeExec.Handover(Now, null) with { Pods = [SomeExec.Commands(commands)] });
    }

    void Hand(DateTimeOffset? through, params Contract.Execs.ExecEvent[] execs) => Take(SomeExec.Handover(Now, through, execs));

    void Take(Contract.Execs.ExecHandover handover)
    {
        time.Advance(TimeSpan.FromTicks(1));
        Assert.NotNull(handed.Take(handover with { Sequence = Now.UtcTicks }, out _));
    }
}
