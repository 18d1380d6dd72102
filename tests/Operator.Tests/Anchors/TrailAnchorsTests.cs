using ClusterTrail.Archive.Digests;
using ClusterTrail.Operator.Anchors;
using ClusterTrail.Operator.Chains;
using ClusterTrail.Testing;

namespace ClusterTrail.Operator.Tests.Anchors;

/// <summary>Anchors in a store in memory: what is written when, and what never is.</summary>
public sealed class TrailAnchorsTests : IDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    readonly ManualTime time = new();
    readonly InMemoryAnchors store = new();
    readonly SigningKey key = SigningKey.Generate();
    TrailAnchors anchors;

    public TrailAnchorsTests() => anchors = new(Interval, time);

    public void Dispose() => key.Dispose();

    [Fact]
    public async Task EachChainHasOneSignedObject()
    {
        Assert.Empty(await TurnAsync(Chain("cp-1", 7), Chain("cp-2", 3)));

        Assert.Equal(
            [NameOf("cp-1"), NameOf("cp-2")],
            store.Objects.Keys.Order(StringComparer.Ordinal));
        var signed = SignedObject.Read(store.Objects[NameOf("cp-1")].Bytes);
        var anchor = ChainAnchor.Read(signed);
        Assert.True(signed.IsSignedBy(key.Public));
        Assert.Equal((new('c', 32), 7, new('7', 64)), (anchor.Head.ChainId, anchor.Head.Sequence, anchor.Head.Sha256));
        Assert.Equal(key.Public.Id, anchor.OperatorKeyId);
        Assert.Equal(2, anchors.Count);
    }

    [Fact]
    public async Task AHeadIsWrittenOnceAnInterval()
    {
        await TurnAsync(Chain("cp-1", 1));
        time.Advance(Interval / 2);
        await TurnAsync(Chain("cp-1", 2));
        Assert.Equal((1, 1), (store.Writes, Anchored("cp-1")));

        time.Advance(Interval / 2);
        await TurnAsync(Chain("cp-1", 3));
        Assert.Equal((2, 3), (store.Writes, Anchored("cp-1")));

        time.Advance(Interval * 5);
        await TurnAsync(Chain("cp-1", 3));
        Assert.Equal(2, store.Writes);
        // Only the first look reads.
        Assert.Equal(1, store.Reads);
    }

    [Fact]
    public async Task AnotherOperatorGoesOnWhereTheFirstWas()
    {
        await TurnAsync(Chain("cp-1", 5));
        anchors = new(Interval, time);
        await TurnAsync(Chain("cp-1", 6));
        Assert.Equal(5, Anchored("cp-1"));

        time.Advance(Interval);
        Assert.Empty(await TurnAsync(Chain("cp-1", 6)));
        Assert.Equal(6, Anchored("cp-1"));
    }

    [Theory]
    [InlineData(4, '4')]
    [InlineData(5, '9')]
    public async Task AnAnchorNeverMovesBack(long sequence, char hash)
    {
        await TurnAsync(Chain("cp-1", 5));
        anchors = new(Interval, time);
        time.Advance(Interval * 2);

        var known = Chain("cp-1", sequence) with { Sha256 = new(hash, 64) };
        var problem = Assert.Single(await TurnAsync(known, Chain("cp-2", 1)));

        Assert.Equal(AnchorException.Ahead, problem.Code);
        Assert.Contains("on cp-1", problem.Message, StringComparison.Ordinal);
        Assert.Equal((5, 1), (Anchored("cp-1"), Anchored("cp-2")));
    }

    [Fact]
    public async Task AChainThatComesBackAfterAnotherDoesNotMoveItsAnchorBack()
    {
        await TurnAsync(Chain("cp-1", 9));
        // Another chain within the interval is not anchored, so this operator still remembers where it was.
        await TurnAsync(Chain("cp-1", 1) with { ChainId = new('d', 32) });
        time.Advance(Interval);

        var problem = Assert.Single(await TurnAsync(Chain("cp-1", 7)));

        Assert.Equal((AnchorException.Ahead, 9), (problem.Code, Anchored("cp-1")));
    }

    [Fact]
    public async Task AChainThatCannotBeWrittenKeepsNoOtherFromBeingAnchored()
    {
        var problem = Assert.Single(await TurnAsync(Chain("cp-1", 1) with { Sequence = long.MaxValue }, Chain("cp-2", 3)));

        Assert.Equal("AnchorFailed", problem.Code);
        Assert.Equal(3, Anchored("cp-2"));
    }

    [Fact]
    public async Task AChainThatBeginsAnewLeavesTheAnchorOfTheFormer()
    {
        await TurnAsync(Chain("cp-1", 5));
        time.Advance(Interval * 2);

        // The agent began another chain, or the operator's ConfigMaps were deleted and the operator enrolled it as if it were the first.
        var other = Chain("cp-1", 1) with { ChainId = new('d', 32), EnrolledAt = time.GetUtcNow(), FormerHead = Head(7) };
        Assert.Empty(await TurnAsync(other));

        Assert.Equal((5, 1), (Anchored("cp-1"), Anchored("cp-1", 'd')));
        Assert.Equal((null, Head(7)), (AnchorOf("cp-1").FormerHead, AnchorOf("cp-1", 'd').FormerHead));
        Assert.Equal(Interval, AnchorOf("cp-1").Interval);
    }

    [Fact]
    public async Task ANodeThatBeginsChainsAgainAndAgainMakesOneObjectAnInterval()
    {
        for (var minutes = 0; minutes < 600; minutes += 5)
        {
            await TurnAsync(Chain("cp-1", 1) with { ChainId = $"{minutes:x32}" });
            time.Advance(TimeSpan.FromMinutes(5));
        }

        Assert.Equal(10, store.Objects.Count);
    }

    public static TheoryData<string, string> NotItsOwn => new()
    {
        { "text", "is none" },
        { "empty", "is none" },
        { "stranger", "is neither this operator's nor one that enrolled the chain" },
        { "forged", "is not signed by the key" },
        { "moved", "is that of anchors/cluster=prod/trail=main/node=cp-2/" },
        { "former", "is that of anchors/cluster=prod/trail=main/node=cp-1/agent-dddd" },
    };

    [Theory]
    [MemberData(nameof(NotItsOwn))]
    public async Task WhatTheOperatorDidNotWriteIsNeitherReplacedNorBelieved(string what, string why)
    {
        using var stranger = SigningKey.Generate();
        await TurnAsync(Chain("cp-1", 1), Chain("cp-2", 1));
        var own = AnchorOf("cp-1");
        var bytes = what switch
        {
            "text" => "oops"u8.ToArray(),
            "empty" => [],
            "stranger" => SignedObject.Sign((own with { OperatorKeyId = stranger.Public.Id }).ToJson(), stranger).Bytes.ToArray(),
            "forged" => SignedObject.Sign(own.ToJson(), stranger).Bytes.ToArray(),
            "moved" => store.Objects[NameOf("cp-2")].Bytes,
            _ => SignedObject.Sign((own with { Head = own.Head with { ChainId = new('d', 32) } }).ToJson(), key).Bytes.ToArray(),
        };
        store.Objects[NameOf("cp-1")] = (bytes, "t");
        anchors = new(Interval, time);
        time.Advance(Interval * 2);

        var problem = Assert.Single(await TurnAsync(Chain("cp-1", 2), Chain("cp-2", 2)));

        Assert.Equal(AnchorException.Damaged, problem.Code);
        Assert.Contains(why, problem.Message, StringComparison.Ordinal);
        Assert.Same(bytes, store.Objects[NameOf("cp-1")].Bytes);
        Assert.Equal((2, problem), (Anchored("cp-2"), Assert.Single(anchors.Problems)));
    }

    [Fact]
    public async Task AChainThatIsHeldIsLookedAtEveryFiveMinutesUntilItsPlaceIsMended()
    {
        store.Objects[NameOf("cp-1")] = ("oops"u8.ToArray(), "t");
        for (var seconds = 0; seconds < 600; seconds += 5)
        {
            if (anchors.HasDue([Chain("cp-1", 2)]))
                await TurnAsync(Chain("cp-1", 2));
            time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal((2, 1), (store.Reads, anchors.Problems.Count));
        store.Objects.Remove(NameOf("cp-1"));
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.True(anchors.HasDue([Chain("cp-1", 2)]));
        Assert.Empty(await TurnAsync(Chain("cp-1", 2)));
        Assert.Empty(anchors.Problems);
        Assert.Equal(2, Anchored("cp-1"));
    }

    [Fact]
    public async Task WhatAFormerKeyOfTheOperatorSignedCountsAndIsSignedAnew()
    {
        using var next = SigningKey.Generate();
        await TurnAsync(Chain("cp-1", 5), Chain("cp-2", 5));
        anchors = new(Interval, time);
        var known = new[] { Chain("cp-1", 5), Chain("cp-2", 4) }
            .Select(chain => chain with { EnrolledBy = next.Public.Id, OperatorKeys = [next.Public.Base64, "damaged", key.Public.Base64] });

        var problem = Assert.Single(await anchors.TurnAsync("main", [.. known], store, next, () => { }, CancellationToken.None));

        Assert.Equal(AnchorException.Ahead, problem.Code);
        Assert.Equal((next.Public.Id, 5), (AnchorOf("cp-1").OperatorKeyId, Anchored("cp-1")));
        Assert.Equal((key.Public.Id, 5), (AnchorOf("cp-2").OperatorKeyId, Anchored("cp-2")));
    }

    [Fact]
    public async Task WhoWritesMeanwhileIsNotOverwritten()
    {
        await TurnAsync(Chain("cp-1", 5));
        var name = NameOf("cp-1");
        var before = store.Objects[name];
        anchors = new(Interval, time);
        time.Advance(Interval);
        store.OnRead = () => store.Objects[name] = (before.Bytes, "another");

        var problem = Assert.Single(await TurnAsync(Chain("cp-1", 6)));

        Assert.True(problem.IsConflict);
        Assert.Equal(5, Anchored("cp-1"));
        store.OnRead = null;
        Assert.Empty(await TurnAsync(Chain("cp-1", 6)));
        Assert.Equal(6, Anchored("cp-1"));
    }

    [Fact]
    public async Task ObjectsThatMustBeRestoredFirstHoldOnlyTheirOwnChains()
    {
        var left = 30;
        store.OnRead = () =>
        {
            if (Interlocked.Decrement(ref left) >= 0)
                throw new AnchorException("InvalidObjectState", "It must be restored first.");
        };

        var problems = await TurnAsync([.. Enumerable.Range(0, 40).Select(at => Chain($"n{at}", 1))]);

        Assert.Equal((30, 10), (problems.Count, store.Objects.Count));
    }

    [Fact]
    public async Task AStoreThatRefusesIsNotAskedForThousandsOfChains()
    {
        store.Fails = "AccessDenied";

        var problems = await TurnAsync([.. Enumerable.Range(0, 1000).Select(at => Chain($"n{at}", 1))]);

        Assert.All(problems, problem => Assert.Equal("AccessDenied", problem.Code));
        Assert.InRange(problems.Count, 16, 40);
    }

    [Fact]
    public async Task AKeyThatDoesNotSignIsSaid()
    {
        using var away = SigningKey.Elsewhere(key.Public, _ => throw new KeyUnavailableException("It is disabled."));

        var problem = Assert.Single(await anchors.TurnAsync("main", [Chain("cp-1", 1)], store, away, () => { }, CancellationToken.None));

        Assert.Equal("SigningKeyUnavailable", problem.Code);
        Assert.Empty(store.Objects);
    }

    static string NameOf(string node, char chain = 'c') =>
        $"anchors/cluster=prod/trail=main/node={node}/agent-{new string(chain, 32)}.json";

    ChainAnchor AnchorOf(string node, char chain = 'c') =>
        ChainAnchor.Read(SignedObject.Read(store.Objects[NameOf(node, chain)].Bytes));

    long Anchored(string node, char chain = 'c') => AnchorOf(node, chain).Head.Sequence;

    Task<IReadOnlyList<AnchorException>> TurnAsync(params KnownChain[] chains) =>
        anchors.TurnAsync("main", chains, store, key, () => { }, CancellationToken.None);

    static ChainHead Head(long sequence) => new(new('b', 32), sequence, new('e', 64));

    KnownChain Chain(string node, long sequence) => new()
    {
        Cluster = "prod",
        Node = node,
        Chain = "agent",
        ChainId = new('c', 32),
        KeyId = new('a', 64),
        Sequence = sequence,
        Sha256 = new((char)('0' + (sequence % 10)), 64),
        Until = time.GetUtcNow(),
        EnrolledBy = key.Public.Id,
        EnrolledAt = DateTimeOffset.UnixEpoch,
    };
}
