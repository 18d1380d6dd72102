using ClusterTrail.Kubernetes.Control;
using ClusterTrail.Testing;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Kubernetes.Tests.Control;

public sealed class LeaderLeaseTests
{
    static readonly ObjectKey Key = new("default", "leader");
    static readonly TimeSpan Tick = TimeSpan.FromSeconds(0.5);

    readonly InMemoryCluster cluster = new();
    readonly Pump pump = new();
    readonly Contender first;
    readonly Contender second;

    public LeaderLeaseTests()
    {
        first = new(cluster, Key, "first", TimeSpan.Zero);
        // Its clock is wrong, which must not matter.
        second = new(cluster, Key, "second", TimeSpan.FromHours(-7));
    }

    [Fact]
    public void OneLeadsAndStaysLeader()
    {
        StartBoth();

        for (var ticks = 0; ticks < 1000; ticks++)
        {
            Pass(Tick);
            Assert.True(first.IsWorking);
            Assert.False(second.IsWorking);
        }
    }

    [Fact]
    public void StoppingLetsTheOtherInAtOnce()
    {
        StartBoth();

        pump.Run(first.Stop);
        Assert.False(first.IsWorking);
        Assert.True(first.Running.IsCanceled);
        Assert.Equal("", Read().Spec.HolderIdentity);
        Pass(TimeSpan.FromSeconds(2));

        Assert.True(second.IsWorking);
        Assert.Equal(("second-1", 2), (Read().Spec.HolderIdentity, Read().Spec.LeaseTransitions));
    }

    [Fact]
    public void WhoVanishesIsFollowedWhenTheLeaseIsOver()
    {
        StartBoth();
        Pass(TimeSpan.FromSeconds(4));
        first.IsPaused = true;

        var waited = TimeSpan.Zero;
        for (; !second.IsWorking && waited < TimeSpan.FromMinutes(1); waited += Tick)
            Pass(Tick);

        Assert.InRange(waited.TotalSeconds, 13, 19);
    }

    [Fact]
    public void WhoCannotRenewStopsBeforeAnotherBegins()
    {
        StartBoth();
        first.Network = () => Fate.Silence;

        var waited = TimeSpan.Zero;
        for (; first.IsWorking && waited < TimeSpan.FromMinutes(1); waited += Tick)
            Pass(Tick);
        Assert.InRange(waited.TotalSeconds, 8, 10.5);
        Assert.False(second.IsWorking);

        Pass(TimeSpan.FromSeconds(10));
        Assert.True(second.IsWorking);
    }

    [Fact]
    public void WhoLostTheLeaseContendsAgain()
    {
        StartBoth();
        first.Network = () => Fate.RequestLost;
        Pass(TimeSpan.FromSeconds(30));
        first.Network = () => Fate.Fine;

        pump.Run(second.Stop);
        Pass(TimeSpan.FromSeconds(3));

        Assert.True(first.IsWorking);
    }

    [Fact]
    public void ALostAnswerIsNoLostLease()
    {
        StartBoth();
        var calls = 0;
        // Every second save is done and not heard of.
        first.Network = () => ++calls % 4 == 0 ? Fate.AnswerLost : Fate.Fine;

        for (var ticks = 0; ticks < 200; ticks++)
        {
            Pass(Tick);
            Assert.True(first.IsWorking);
        }
    }

    [Fact]
    public async Task ALeaseTakenByForceEndsTheWork()
    {
        StartBoth();
        var lease = Read();
        await cluster.SaveAsync(lease with { Spec = lease.Spec with { HolderIdentity = "usurper" } }, CancellationToken.None);

        Pass(TimeSpan.FromSeconds(2));

        Assert.False(first.IsWorking);
    }

    [Fact]
    public async Task WorkThatEndsReleasesTheLease()
    {
        await LeaseOf("done").RunAsync(_ => Task.CompletedTask, CancellationToken.None).WaitAsync(Some.Timeout);

        Assert.Equal("", Read().Spec.HolderIdentity);
    }

    [Fact]
    public async Task WorkThatFailsReleasesTheLeaseAndSaysWhy()
    {
        var failed = await Assert.ThrowsAsync<InvalidOperationException>(
            () => LeaseOf("failing").RunAsync(_ => Task.FromException(new InvalidOperationException("Oh.")), CancellationToken.None).WaitAsync(Some.Timeout));

        Assert.Equal("Oh.", failed.Message);
        Assert.Equal("", Read().Spec.HolderIdentity);
    }

    LeaderLease LeaseOf(string identity) => new(cluster, Key, identity, TimeProvider.System, NullLogger<LeaderLease>.Instance);

    V1Lease Read() => cluster.GetAsync<V1Lease>(Key, CancellationToken.None).GetAwaiter().GetResult()!;

    void StartBoth()
    {
        pump.Run(first.Start);
        pump.Run(second.Start);
        Assert.True(first.IsWorking);
    }

    void Pass(TimeSpan by)
    {
        for (var passed = TimeSpan.Zero; passed < by; passed += Tick)
        {
            pump.Run(() => first.Advance(Tick));
            pump.Run(() => second.Advance(Tick));
        }
    }
}
