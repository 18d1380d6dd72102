using System.Net;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Verify;
using ClusterTrail.Testing.Chains;
using ClusterTrail.Verification;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Heads;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Tests.Verify;

/// <summary>The verifier as a service, with heads from elsewhere.</summary>
public sealed class FollowerHeadsTests : IDisposable
{
    readonly TwoNodes world = new(1);
    readonly List<string> said = [];

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task HeadsFromElsewhereAreReadInEachRoundAndNoneIsForgotten()
    {
        var (given, reads, fails) = (new GivenHeads([], [], []), new List<bool>(), "");
        var state = FollowerState.Load(null);
        var follower = Follower(state, new([(_, versions, _) =>
        {
            reads.Add(versions);
            return fails.Length == 0 ? Task.FromResult(given) : throw new TrailException(ExitCode.Unreadable, fails);
        }]));
        await follower.RoundAsync(TestContext.Current.CancellationToken);
        Assert.Empty(said);

        // What was anchored meanwhile, and what was found there, counts.
        var head = world.Head(0);
        var ahead = head with
        {
            Head = head.Head with { Sequence = head.Head.Sequence + 2, Sha256 = new('a', 64) },
            Anchored = default(Anchoring),
        };
        given = new([ahead], [new(FindingKind.AnchorTampered, head.Node, null, "x", "It was deleted.")], ["It has no versions."]);
        await follower.RoundAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, said.Count(one => one.StartsWith("CutOffTail", StringComparison.Ordinal)));
        Assert.Single(said, one => one.StartsWith("AnchorTampered (57)", StringComparison.Ordinal));
        Assert.Single(said, "note: It has no versions.");

        // An anchor that moved back, and one that is away, take nothing back.
        given = given with { Heads = [ahead with { Head = head.Head }] };
        await follower.RoundAsync(TestContext.Current.CancellationToken);
        Assert.Null(follower.HeadsProblem);
        fails = "The bucket is away.";
        var before = said.Count;
        for (var round = 0; round < 3; round++)
            await follower.RoundAsync(TestContext.Current.CancellationToken);

        Assert.Contains(
            "The bucket is away; comparing with what was read before", Assert.Single(said.Skip(before)), StringComparison.Ordinal);
        Assert.Equal("The bucket is away.", follower.HeadsProblem);
        Assert.Equal(2, state.Nodes.Single(one => one.Node == head.Node).Findings["CutOffTail"]);
        Assert.True(state.Nodes.Single(one => one.Node == head.Node).HasFailed);
        Assert.Equal([true, false, false, false, false, false], reads);
        fails = "";
        await follower.RoundAsync(TestContext.Current.CancellationToken);
        Assert.Null(follower.HeadsProblem);
    }

    [Fact]
    public async Task HeadsThatCannotBeReadAtTheStartAreReadLaterWithTheirVersions()
    {
        var (isAway, reads) = (true, new List<bool>());
        var state = FollowerState.Load(null);
        var follower = Follower(state, new([(_, versions, _) =>
        {
            reads.Add(versions);
            return isAway ? throw new TrailException(ExitCode.Unreadable, "The bucket is away.") : Task.FromResult(GivenHeads.None);
        }]));
        using var service = new FollowerService(follower, state);
        await using var server = await service.StartAsync("127.0.0.1:0", TestContext.Current.CancellationToken);
        using var client = new HttpClient();

        await follower.RoundAsync(TestContext.Current.CancellationToken);
        await follower.RoundAsync(TestContext.Current.CancellationToken);
        var page = await client.GetStringAsync(new Uri(server.Url, "/metrics"), TestContext.Current.CancellationToken);
        using var ready = await client.GetAsync(new Uri(server.Url, "/readyz"), TestContext.Current.CancellationToken);
        isAway = false;
        await follower.RoundAsync(TestContext.Current.CancellationToken);
        await follower.RoundAsync(TestContext.Current.CancellationToken);

        Assert.Matches("(?m)^clustertrail_verifier_heads_unreadable 1$", page);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("The bucket is away", Assert.Single(said), StringComparison.Ordinal);
        Assert.Equal([true, true, true, false], reads);
        Assert.NotNull(follower.LastRound);
        Assert.Matches(
            "(?m)^clustertrail_verifier_heads_unreadable 0$",
            await client.GetStringAsync(new Uri(server.Url, "/metrics"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task WrongOptionsEndItAtTheStartOnly()
    {
        var isWrong = true;
        var sources = new HeadSources([(_, _, _) =>
            isWrong ? throw new TrailException(ExitCode.BadUsage, "It is not JSON.") : Task.FromResult(GivenHeads.None)]);
        var follower = Follower(FollowerState.Load(null), sources);
        await Assert.ThrowsAsync<TrailException>(() => follower.RoundAsync(TestContext.Current.CancellationToken));

        isWrong = false;
        await follower.RoundAsync(TestContext.Current.CancellationToken);
        isWrong = true;
        await follower.RoundAsync(TestContext.Current.CancellationToken);

        Assert.Equal("It is not JSON.", follower.HeadsProblem);
    }

    [Fact]
    public async Task WhatWaitsDoesNotHideWhatIsConfirmed()
    {
        var head = world.Head(0);
        var waiting = head with { Head = head.Head with { Sequence = head.Head.Sequence + 3 }, WaitingSince = world.Archive.Now };
        var confirmed = head with { Head = head.Head with { Sequence = head.Head.Sequence + 1, Sha256 = new('a', 64) } };
        var follower = Follower(FollowerState.Load(null), new([(_, _, _) => Task.FromResult(new GivenHeads([confirmed, waiting], [], []))]));

        await follower.RoundAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("CutOffTail (48) ", Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFormerChainIsComparedOnceADay()
    {
        var head = world.Head(0);
        var former = head with { Head = new(new('f', 32), 3, new('a', 64)), IsFormer = true, Anchored = default(Anchoring) };
        var state = FollowerState.Load(null);
        var sources = new HeadSources([(_, _, _) => Task.FromResult(new GivenHeads(
            [former, head with { Anchored = default(Anchoring) }, world.Head(1) with { Anchored = default(Anchoring) }], [], []))]);
        await Follower(state).RoundAsync(TestContext.Current.CancellationToken);
        await Follower(state, sources).RoundAsync(TestContext.Current.CancellationToken);
        Assert.Empty(said);

        world.Pass(TimeSpan.FromDays(1));
        await Follower(state, sources).RoundAsync(TestContext.Current.CancellationToken);

        Assert.Equal(3, said.Count(one => one.StartsWith("CutOffTail", StringComparison.Ordinal)));
    }

    Follower Follower(FollowerState state, HeadSources? sources = null) => new(
        new InMemoryArchive(world.Objects), new VerificationOptions(ArchiveScope.All, new([world.Archive.Operator.Public], []), [], default),
        state, new FixedTime(world.Archive.Now), said.Add)
    {
        Sources = sources ?? HeadSources.None,
    };

    sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
