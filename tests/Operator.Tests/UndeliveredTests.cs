using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Model;
using ClusterTrail.Operator.Reconcile;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Operator.Tests;

/// <summary>A Trail that is being deleted waits for everybody who may still hold something.</summary>
public sealed class UndeliveredTests
{
    // Agents were told to stop a second before they answered.
    readonly DeletionProgress farewell = new(Some.Noon.AddSeconds(-1));

    [Fact]
    public void AnAgentThatHasStoppedAndHoldsNothingIsDone()
    {
        Assert.Empty(Undelivered.Of(Stopped(batches: 0), farewell));
        Assert.Contains((AgentRole.ApiServer, "cp-1"), farewell.Done);
    }

    [Fact]
    public void WhatAnAgentSaidBeforeItWasToldToStopDoesNotCount() => Assert.Equal(
        ["cp-1: the agent has not answered since the request to stop."], Undelivered.Of(Stopped(batches: 0), new(Some.Noon)));

    [Fact]
    public void AnAgentThatStillReadsIsWaitedFor() =>
        Assert.Equal(["cp-1: the agent has not stopped reading yet."], Undelivered.Of(Some.View(), farewell));

    [Fact]
    public void WhatWaitsForTheSinkIsToldWithTheSinksError()
    {
        var view = Stopped(batches: 2).With(status =>
            status with { Sinks = [status.Sinks[0] with { LastError = new(Some.Noon, Some.Noon, "Timeout", "It does not answer.", 4) }] });

        Assert.Equal(["cp-1: 2 batches of 1000 bytes wait for the sink. Timeout: It does not answer."], Undelivered.Of(view, farewell));
    }

    [Fact]
    public void APodThatTerminatesIsWaitedFor()
    {
        var terminating = Some.View().After(TimeSpan.FromSeconds(5)).With((AgentView agent) => agent with
        {
            Report = null,
            Pod = agent.Pod with { Metadata = agent.Pod.Metadata with { DeletionTimestamp = Some.Noon.UtcDateTime } },
        });

        Assert.Equal(["cp-1: the agent is being replaced and does not answer; it last answered at 2026-11-22T12:00:00Z."],
            Undelivered.Of(terminating, farewell));
    }

    [Fact]
    public void AnAgentThatIsAwayIsWaitedFor()
    {
        var before = Some.View();

        Assert.Equal(
            ["cp-1: the agent is unavailable; it last answered at 2026-11-22T12:00:00Z."],
            Undelivered.Of(before.After(TimeSpan.FromMinutes(1), before with { Nodes = [Some.Bare("cp-1")] }), farewell));
    }

    [Fact]
    public void ANodeThatIsAwayIsWaitedFor()
    {
        var before = Some.View();
        var lost = before with
        {
            Nodes =
            [
                Some.NodeView("cp-1") with
                {
                    Node = Some.Node("cp-1", ready: "Unknown"),
                    Agent = new(Some.Pod("cp-1"), new(null, "no route", Some.Noon)),
                },
            ],
        };

        Assert.Equal(["cp-1: the node is not ready; it last answered at 2026-11-22T12:00:00Z."],
            Undelivered.Of(before.After(TimeSpan.FromMinutes(1), lost), farewell));
    }

    [Fact]
    public void WhoComesAfterAnAgentThatWasDoneIsNotWaitedFor()
    {
        var before = Stopped(batches: 0);
        Assert.Empty(Undelivered.Of(before, farewell));

        Assert.Empty(Undelivered.Of(before.After(TimeSpan.FromMinutes(1), before with { Nodes = [Some.Bare("cp-1")] }), farewell));
    }

    [Fact]
    public void WhereNothingWasEverReadNothingIsWaitedFor()
    {
        var neverStarted = Some.View().With(
            new V1ContainerStatus { Name = "agent", State = new() { Waiting = new() { Reason = "ImagePullBackOff", Message = "no" } } });

        Assert.Empty(Undelivered.Of(Some.View() with { Nodes = [Some.Bare("cp-1")] }, farewell));
        Assert.Empty(Undelivered.Of(neverStarted, farewell));
    }

    [Fact]
    public void AnAgentThatCrashesIsWaitedForAndItsTroubleTold()
    {
        var crashing = Some.View().With(new V1ContainerStatus
        {
            Name = "agent",
            RestartCount = 2,
            State = new() { Waiting = new() { Reason = "CrashLoopBackOff", Message = "b" } },
            LastState = new() { Terminated = new() { Reason = "OOMKilled", ExitCode = 137 } },
        });

        Assert.Contains("used more memory than its limit", Assert.Single(Undelivered.Of(crashing, farewell)), StringComparison.Ordinal);
    }

    static TrailView Stopped(int batches) =>
        Some.View().With(status =>
            status.With(SourceState.Stopped) with { Spool = status.Spool with { Batches = batches, Bytes = batches * 500 } });
}
