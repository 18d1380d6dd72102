using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Telemetry;

public sealed class HeartbeatsTests
{
    readonly ManualTime time = new();
    readonly Heartbeats heartbeats;

    public HeartbeatsTests() => heartbeats = new(time, TimeSpan.FromSeconds(30));

    [Fact]
    public void LoopsThatMoveAreNoProblem()
    {
        heartbeats.Beat("source apiserver");
        time.Advance(TimeSpan.FromSeconds(30));

        Assert.Empty(heartbeats.HealthProblems());
    }

    [Fact]
    public void ALoopThatStandsStillIsNamed()
    {
        heartbeats.Beat("source apiserver");
        heartbeats.Beat("upload");
        time.Advance(TimeSpan.FromSeconds(31));
        heartbeats.Beat("upload");

        Assert.Equal(["The source apiserver loop has not moved for 31 s."], heartbeats.HealthProblems());
    }

    [Fact]
    public void AnAgentIsReadyWhenEachLoopHasTurnedOnce()
    {
        heartbeats.Expect("apiserver");
        heartbeats.Expect("other");
        Assert.Equal(["The apiserver loop is starting.", "The other loop is starting."], heartbeats.ReadinessProblems());

        heartbeats.Beat("apiserver");
        Assert.Equal(["The other loop is starting."], heartbeats.ReadinessProblems());

        heartbeats.Beat("other");
        Assert.Empty(heartbeats.ReadinessProblems());
    }

    [Fact]
    public void ALoopThatHangsIsNeitherReadyNorHealthy()
    {
        heartbeats.Beat("apiserver");
        time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(["The apiserver loop has not moved for 31 s."], heartbeats.ReadinessProblems());
    }

    [Fact]
    public void ALoopThatNeverTurnsIsRestarted()
    {
        heartbeats.Expect("apiserver");
        time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal(["The apiserver loop has not moved for 31 s."], heartbeats.HealthProblems());
    }

    [Fact]
    public void ALoopThatHasEndedIsNotWaitedFor()
    {
        heartbeats.Beat("upload");
        time.Advance(TimeSpan.FromMinutes(1));
        heartbeats.Ended("upload");

        Assert.Empty(heartbeats.HealthProblems());
    }
}
