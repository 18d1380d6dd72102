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
            ["anchors/cluster=prod/trail=main/node=cp-1/agent.json", "anchors/cluster=prod/trail=main/node=cp-2/agent.json"],
            store.Objects.Keys.Order(StringComparer.Ordinal));
        var signed = SignedObject.Read(store.Objects["anchors/cluster=prod/trail=main/node=cp-1/agent.json"].Bytes);
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
    [InlineData(4, 'c', '4')]
    [InlineData(5, 'c', '9')]
    [InlineData(9, 'd', '9')]
    public async Task AnAnchorNeverMovesBack(long sequence, char chain, char hash)
    {
        await TurnAsync(Chain("cp-1", 5));
        anchors = new(Interval, time);
        time.Advance(Interval * 2);

        var known = Chain("cp-1", sequence) with { ChainId = new(chain, 32), Sha256 = new(hash, 64) };
        var problem = Assert.Single(await TurnAsync(known, Chain("cp-2", 1)));

        Assert.Equal(TrailAnchors.Ahead, problem.Code);
        Assert.Contains("on cp-1", problem.Message, StringComparison.Ordinal);
        Assert.Equal((5, 1), (Anchored("cp-1"), Anchored("cp-2")));
    }

    [Fact]
    public async Task AChainThatWasEnrolledLaterReplacesTheFormer()
    {
        await TurnAsync(Chain("cp-1", 5));
        time.Advance(Interval * 2);

        Assert.Empty(await TurnAsync(Chain("cp-1", 1) with { ChainId = new('d', 32), EnrolledAt = time.GetUtcNow() }));

        Assert.Equal(1, Anchored("cp-1"));
    }

    [Fact]
    public async Task WhatIsNoAnchorIsReplaced()
    {
        store.Objects["anchors/cluster=prod/trail=main/node=cp-1/agent.json"] = ("oops"u8.ToArray(), "t");

        Assert.Empty(await TurnAsync(Chain("cp-1", 2)));

        Assert.Equal(2, Anchored("cp-1"));
    }

    [Fact]
    public async Task WhoWritesMeanwhileIsNotOverwritten()
    {
        await TurnAsync(Chain("cp-1", 5));
        var name = "anchors/cluster=prod/trail=main/node=cp-1/agent.json";
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

    long Anchored(string node) => ChainAnchor.Read(SignedObject.Read(
        store.Objects[$"anchors/cluster=prod/trail=main/node={node}/agent.json"].Bytes)).Head.Sequence;

    Task<IReadOnlyList<AnchorException>> TurnAsync(params KnownChain[] chains) =>
        anchors.TurnAsync("main", chains, store, key, () => { }, CancellationToken.None);

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

    sealed class InMemoryAnchors : IAnchorStore
    {
        readonly Lock gate = new();
        int tag;

        public Dictionary<string, (byte[] Bytes, string Tag)> Objects { get; } = [];

        public string Description => "memory";

        public string? Fails { get; set; }

        public Action? OnRead { get; set; }

        public int Reads { get; private set; }

        public int Writes { get; private set; }

        public Task<(byte[] Bytes, string Tag)?> ReadAsync(string name, CancellationToken cancellationToken)
        {
            lock (gate)
            {
                Check();
                Reads++;
                (byte[], string)? found = Objects.TryGetValue(name, out var there) ? there : null;
                OnRead?.Invoke();
                return Task.FromResult(found);
            }
        }

        public Task<string> WriteAsync(string name, byte[] bytes, string? before, CancellationToken cancellationToken)
        {
            lock (gate)
            {
                Check();
                if ((Objects.TryGetValue(name, out var there) ? there.Tag : null) != before)
                    throw new AnchorException(AnchorException.Conflict, "Somebody else has written.");
                Writes++;
                Objects[name] = (bytes, $"{++tag}");
                return Task.FromResult($"{tag}");
            }
        }

        public void Dispose()
        {
        }

        void Check()
        {
            if (Fails is { } code)
                throw new AnchorException(code, "As the test says.");
        }
    }
}
