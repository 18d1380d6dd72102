using ClusterTrail.Archive.Digests;
using ClusterTrail.Testing.Chains;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Heads;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Verification.Tests;

/// <summary>Digests that an agent has sealed and the sink has not confirmed, as is known from elsewhere: an outage is no tampering.</summary>
public sealed class WaitingHeadTests : IDisposable
{
    readonly TwoNodes world = new(1);

    public void Dispose() => world.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    public async Task WhatIsSealedAndWaitsIsNotDelivered(int minutes)
    {
        var confirmed = world.Head(0);
        var waiting = Outage(minutes + 1, TimeSpan.FromMinutes(minutes));

        var result = await world.Archive.VerifyAsync([confirmed, waiting]);

        Assert.Null(result.Gravest(strict: false));
        var finding = Assert.Single(result.Findings.Findings, one => one.Kind == FindingKind.NotDelivered);
        Assert.Equal((minutes + 1, "agent", "node-1"), (finding.Count, finding.Chain, finding.Node!.Node));
    }

    // Whatever the archive's newest digest announced, and also if it was the last one.
    [Theory]
    [InlineData(DigestReason.Stop, 74, FindingKind.NotDelivered)]
    [InlineData(DigestReason.Stop, 76, FindingKind.DigestOverdue)]
    [InlineData(DigestReason.Period, 76, FindingKind.DigestOverdue)]
    public async Task AfterAnHourItIsOverdue(DigestReason last, int minutes, FindingKind kind)
    {
        world.Agents[0].SealDigest(last);
        world.Agents[0].Deliver();
        var confirmed = world.Head(0);
        var waiting = Outage(3, TimeSpan.FromMinutes(minutes));

        var result = await world.Archive.VerifyAsync([confirmed, waiting], Only("node-1"));

        Assert.Single(result.Findings.Findings, one => one.Kind == kind && one.Subject == $"digest {waiting.Head.Sequence}" && one.Count == 3);
        Assert.Equal(0, result.CountOf(FindingKind.CutOffTail));
        Assert.Equal(kind.Fails() ? kind : null, result.Gravest(strict: false));
    }

    [Fact]
    public async Task WhatTheSinkHadConfirmedIsCutOffAtOnceAndTheRestWaits()
    {
        var confirmed = world.Head(0);
        var waiting = Outage(2, TimeSpan.FromMinutes(1));
        world.Names("digests", 0)[^2..].ForEach(name => world.Objects.Remove(name));

        var result = await world.Archive.VerifyAsync([confirmed, waiting], Only("node-1"));

        Assert.Equal((2, 2), (result.CountOf(FindingKind.CutOffTail), result.CountOf(FindingKind.NotDelivered)));
        Assert.Equal(FindingKind.CutOffTail, result.Gravest(strict: false));
    }

    [Fact]
    public async Task WhatHasArrivedMeanwhileIsNoFindingAndItsHashCounts()
    {
        var waiting = Outage(2, TimeSpan.FromMinutes(1));
        world.Agents[0].IsOut = false;
        world.Agents[0].Deliver();
        var forked = waiting with { Head = waiting.Head with { Sha256 = new('0', 64) } };

        Assert.Empty((await world.Archive.VerifyAsync([waiting])).Findings.Findings);
        Assert.Equal(FindingKind.ForkedChain, (await world.Archive.VerifyAsync([forked])).Gravest(strict: false));

        world.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(0, (await world.Archive.VerifyAsync([waiting])).CountOf(FindingKind.StaleHead));
    }

    [Fact]
    public async Task WhatWaitedOnANodeThatWasLostIsLostWithIt()
    {
        var waiting = Outage(2, TimeSpan.FromMinutes(1));
        world.Agents[0].IsOut = false;
        world.Agents[0].LoseState();
        world.Agents[0].SealDigest(DigestReason.Start);
        world.Agents[0].Deliver();
        world.Pass(TimeSpan.FromHours(3));

        var result = await world.Archive.VerifyAsync([waiting]);

        Assert.Null(result.Gravest(strict: false));
        Assert.Equal((2, 1), (result.CountOf(FindingKind.NotDelivered), result.CountOf(FindingKind.ChainRestarted)));
    }

    [Theory]
    [InlineData("node-1", "ffffffffffffffffffffffffffffffff")]
    [InlineData("node-9", "ffffffffffffffffffffffffffffffff")]
    public async Task AChainOfWhichNothingHasArrivedWaitsToo(string node, string chainId)
    {
        var waiting = new KnownHead(
            world.Head(0).Node with { Node = node }, "agent", new(chainId, 3, new('a', 64)), "the status")
        {
            WaitingSince = world.Archive.Now,
        };

        var before = await world.Archive.VerifyAsync([waiting]);
        var overdue = await world.Archive.VerifyAsync([waiting with { WaitingSince = world.Archive.Now.AddHours(-2) }]);
        var cut = await world.Archive.VerifyAsync([waiting, waiting with { WaitingSince = null, Head = waiting.Head with { Sequence = 1 } }]);

        Assert.Equal((null, 3), (before.Gravest(strict: false), before.CountOf(FindingKind.NotDelivered)));
        Assert.Equal((FindingKind.DigestOverdue, 3), (overdue.Gravest(strict: false), overdue.CountOf(FindingKind.DigestOverdue)));
        Assert.Equal((FindingKind.CutOffTail, 2), (cut.Gravest(strict: false), cut.CountOf(FindingKind.NotDelivered)));
    }

    [Fact]
    public async Task APeriodThatEndedBeforeItWaitedIsVerified()
    {
        var until = world.Archive.Now.AddMinutes(-10);
        var waiting = Outage(2, TimeSpan.FromHours(3));

        var result = await world.Archive.VerifyAsync([waiting], Only("node-1") with { Until = until });

        Assert.Empty(result.Findings.Findings);
    }

    static ArchiveScope Only(string node) => ArchiveScope.All with { Node = node };

    // The agent of the first node seals so many digests, and the sink takes none.
    KnownHead Outage(int digests, TimeSpan lasts)
    {
        var (agent, since) = (world.Agents[0], world.Archive.Now);
        agent.IsOut = true;
        for (var i = 0; i < digests; i++)
        {
            agent.SealBatch();
            agent.SealDigest();
            world.Archive.Now += lasts / digests;
        }

        var sha256 = world.Archive.Chains.Single(one => one.Value == (agent.ChainId, agent.Sequence)).Key;
        return world.Head(0) with { Head = new(agent.ChainId, agent.Sequence, sha256), WaitingSince = since };
    }
}
