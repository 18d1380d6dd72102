using ClusterTrail.Archive.Digests;
using ClusterTrail.Testing.Chains;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Heads;

namespace ClusterTrail.Verification.Tests;

/// <summary>Heads that an operator anchored: when they are too old, and when one should be there.</summary>
public sealed class AnchoredHeadTests : IDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    readonly TwoNodes world = new(1);

    public void Dispose() => world.Dispose();

    [Theory]
    [InlineData(75, false)]
    [InlineData(80, true)]
    public async Task AnAnchorIsStaleWhenTheNextOneShouldHaveCome(int minutes, bool isStale)
    {
        var heads = new[] { Anchored(0), Anchored(1) };
        world.Pass(TimeSpan.FromMinutes(minutes));

        var result = await world.Archive.VerifyAsync(heads);

        Assert.Equal(isStale ? 2 : 0, result.CountOf(FindingKind.StaleHead));
        Assert.Equal(isStale ? FindingKind.StaleHead : null, result.Gravest(strict: true));
    }

    [Fact]
    public async Task AFileOfHeadsIsStaleAtOnce()
    {
        var head = world.Head(0);
        world.Pass(TimeSpan.FromMinutes(5));

        Assert.Equal(1, (await world.Archive.VerifyAsync([head])).CountOf(FindingKind.StaleHead));
    }

    [Fact]
    public async Task AChainWithoutAnAnchorIsANoticeUntilOthersProveThatItHadOne()
    {
        Assert.Equal(FindingKind.UnanchoredChain, (await world.Archive.VerifyAsync([Anchored(0)])).Gravest(strict: true));

        // From the beginning of node-2's chain: an interval and an hour.
        world.Pass(TimeSpan.FromMinutes(70));
        Assert.Equal(FindingKind.UnanchoredChain, (await world.Archive.VerifyAsync([Anchored(0)])).Gravest(strict: true));
        world.Pass(TimeSpan.FromMinutes(10));
        var anchored = Anchored(0);
        Assert.Null((await world.Archive.VerifyAsync([anchored])).Gravest(strict: false));
        world.Pass(TimeSpan.FromMinutes(5));
        var result = await world.Archive.VerifyAsync([anchored]);

        var finding = Assert.Single(result.Findings.Findings);
        Assert.Equal((FindingKind.AnchorTampered, "node-2"), (finding.Kind, finding.Node!.Node));
        Assert.Null((await world.Archive.VerifyAsync([anchored, Anchored(1)])).Gravest(strict: true));
    }

    // It lost its chain and kept its key, which the enrolment of the former chain makes known.
    [Fact]
    public async Task AChainThatTheOperatorHasNotMetHasNoAnchorAndThatIsNoTampering()
    {
        var agent = world.Agents[1];
        world.Archive.Enrol(agent.Owner, agent.Key.Public, world.Archive.Now);
        world.Pass(TimeSpan.FromHours(1));
        var former = Anchored(1);
        agent.SealDigest(DigestReason.Stop);
        agent.Deliver();
        agent.LoseChain();
        world.Archive.Now += TimeSpan.FromMinutes(1);
        agent.SealDigest(DigestReason.Start);
        world.Pass(TimeSpan.FromHours(3));
        var others = Anchored(0);
        world.Pass(TimeSpan.FromMinutes(10));
        KnownHead[] heads = [others, former with { IsFormer = true }];

        var before = await world.Archive.VerifyAsync(heads);
        world.Archive.Enrol(agent.Owner, agent.Key.Public, world.Archive.Now, agent.Former);
        var met = await world.Archive.VerifyAsync(heads);
        world.Pass(TimeSpan.FromHours(3));
        others = Anchored(0);
        world.Pass(TimeSpan.FromMinutes(10));
        var after = await world.Archive.VerifyAsync([others, heads[1]]);

        Assert.Equal((null, 1), (before.Gravest(strict: false), before.CountOf(FindingKind.UnanchoredChain)));
        Assert.Equal((null, 1), (met.Gravest(strict: false), met.CountOf(FindingKind.UnanchoredChain)));
        Assert.Equal(FindingKind.AnchorTampered, after.Gravest(strict: false));
    }

    [Fact]
    public async Task AnotherTrailsAnchorsProveNothing()
    {
        world.Pass(TimeSpan.FromHours(5));
        var other = Anchored(0) with { Node = world.Head(0).Node with { Trail = "other" } };

        var result = await world.Archive.VerifyAsync([other], scope: new(null, "main", null, null, null));

        Assert.Equal(2, result.CountOf(FindingKind.UnanchoredChain));
        Assert.Null(result.Gravest(strict: false));
    }

    [Fact]
    public async Task WithoutAnyAnchorNothingIsSaid() =>
        Assert.Null((await world.Archive.VerifyAsync([world.Head(0)])).Gravest(strict: true));

    [Fact]
    public async Task WhatSeveralKnowOfIsMissingOnce()
    {
        var (head, far) = (Anchored(1), Anchored(1));
        far = far with { Head = far.Head with { Sequence = far.Head.Sequence + 2, Sha256 = new('a', 64) } };
        var near = far with { Head = far.Head with { Sequence = far.Head.Sequence - 1 } };
        var gone = head with { Head = new(new('f', 32), 3, new('b', 64)), IsFormer = true };

        var before = gone with { Head = gone.Head with { Sequence = 2 } };

        var result = await world.Archive.VerifyAsync([Anchored(0), head, near, far, far with { Origin = "a file" }, gone, before]);

        Assert.Equal(2 + 3, result.CountOf(FindingKind.CutOffTail));
    }

    KnownHead Anchored(int node) => world.Head(node) with { Anchored = new(world.Archive.Now, Interval) };
}
