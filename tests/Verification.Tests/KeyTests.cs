using ClusterTrail.Archive.Digests;
using ClusterTrail.Testing.Chains;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Keys;

namespace ClusterTrail.Verification.Tests;

/// <summary>What an operator says of keys, and what follows for nodes that are lost, come back, or never were.</summary>
public sealed class KeyTests : IDisposable
{
    readonly TwoNodes world = new(1);

    public void Dispose() => world.Dispose();

    [Fact]
    public void AByteOrderMarkBeforeKeysIsNoPartOfThem()
    {
        using var key = SigningKey.Generate();
        using var other = SigningKey.Generate();

        var keys = TrustedKeys.Read([0xEF, 0xBB, 0xBF, .. System.Text.Encoding.ASCII.GetBytes(key.Public.Pem + other.Public.Pem)]).Select(one => one.Key);

        Assert.Equal([key.Public, other.Public], keys);
    }

    [Fact]
    public void ALineBeforeAKeyNamesItsCluster()
    {
        using var one = SigningKey.Generate();
        using var other = SigningKey.Generate();
        var text = $"# The operator of prod\n# cluster: prod-eu \n{one.Public.Pem}cluster: x\n# cluster:\n{other.Public.Pem}";

        Assert.Equal([(one.Public, "prod-eu"), (other.Public, null)], TrustedKeys.Read(System.Text.Encoding.ASCII.GetBytes(text)));
    }

    [Theory]
    [InlineData("demo", null)]
    [InlineData("other", FindingKind.UnknownKey)]
    public async Task AnOperatorsKeyEnrolsOnlyForItsCluster(string cluster, FindingKind? kind)
    {
        var key = world.Archive.Operator.Public;

        var result = await world.Archive.VerifyAsync(trusted: new([key], [])
        {
            Clusters = new Dictionary<string, IReadOnlyList<string>> { [key.Id] = ["prod", cluster] },
        });

        Assert.Equal(kind, result.Gravest(strict: false));
        Assert.Empty(result.Options.Notes);
    }

    [Fact]
    public async Task KeysThatNameNoClusterAreANoteWhereThereAreSeveral()
    {
        using var agent = new SimulatedAgent(world.Random, world.Archive, new("other", "main", "node-1", "agent"), "apiserver");
        world.Archive.Enrol(agent.Owner, agent.Key.Public, world.Archive.Now);
        agent.SealDigest(Archive.Digests.DigestReason.Start);
        agent.Deliver();

        var result = await world.Archive.VerifyAsync();

        Assert.Contains("1 of 1 keys of operators name no cluster", Assert.Single(result.Options.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALostNodeWhoseKeyIsRetiredIsANotice()
    {
        world.Agents[0].SealBatch();
        world.Agents[0].Deliver();
        world.Archive.Now += TimeSpan.FromHours(25);
        world.Agents[1].SealDigest();
        world.Agents[1].Deliver();
        Retire(TimeSpan.FromHours(1));

        var result = await world.Archive.VerifyAsync();

        Assert.True(result.Gravest(strict: false) is null, result.Text());
        Assert.Equal((1, 1), (result.CountOf(FindingKind.EndedWithoutStop), result.CountOf(FindingKind.UnprovenObject)));
    }

    [Fact]
    public async Task WhatIsAddedToALostNodeLaterIsFound()
    {
        world.Archive.Now += TimeSpan.FromHours(25);
        world.Agents[0].SealBatch();
        world.Agents[0].Deliver();
        Retire(TimeSpan.FromHours(1));

        Assert.Equal(1, (await world.Archive.VerifyAsync()).CountOf(FindingKind.UnnamedObject));
    }

    [Theory]
    [InlineData(14, 0)]
    [InlineData(16, 1)]
    public async Task AClockMayBeAheadOfTheOperators(int minutes, int expected)
    {
        Retire(TimeSpan.FromMinutes(minutes));

        Assert.Equal(expected, (await world.Archive.VerifyAsync()).CountOf(FindingKind.RetiredKey));
    }

    [Fact]
    public async Task ANodeThatComesBackIsEnrolledAnew()
    {
        Retire(TimeSpan.Zero);
        world.Archive.Now += TimeSpan.FromDays(1);
        world.Agents[1].SealDigest(DigestReason.Start);
        world.Agents[1].Deliver();
        world.Agents[0].SealDigest(DigestReason.Start);
        world.Agents[0].Deliver();
        var before = await world.Archive.VerifyAsync();
        world.Archive.Enrol(world.Agents[0].Owner, world.Agents[0].Key.Public, world.Archive.Now + TimeSpan.FromMinutes(3));

        var after = await world.Archive.VerifyAsync();

        Assert.Equal((FindingKind.RetiredKey, null), (before.Gravest(strict: false), after.Gravest(strict: false)));
    }

    [Fact]
    public async Task AnOlderChainThatIsDeletedIsMissed()
    {
        var former = world.Names("digests", 0).Concat(world.Names("events", 0)).ToList();
        world.Agents[0].LoseState();
        world.Objects.Remove(world.Names("keys", 0)[^1]);
        world.Archive.Enrol(world.Agents[0].Owner, world.Agents[0].Key.Public, world.Archive.Now);
        world.Pass(TimeSpan.FromMinutes(10));
        Assert.Null((await world.Archive.VerifyAsync()).Gravest(strict: false));

        former.ForEach(name => world.Objects.Remove(name));

        Assert.Equal(FindingKind.MissingDigest, (await world.Archive.VerifyAsync()).Gravest(strict: false));
    }

    [Theory]
    [InlineData(29, 0)]
    [InlineData(31, 1)]
    public async Task AKeyMayWaitHalfAnHourForItsFirstDigest(int minutes, int expected)
    {
        using var other = SigningKey.Generate();
        world.Archive.Enrol(world.Agents[0].Owner, other.Public, world.Archive.Now - TimeSpan.FromMinutes(minutes));

        Assert.Equal(expected, (await world.Archive.VerifyAsync()).CountOf(FindingKind.MissingDigest));
    }

    [Fact]
    public async Task WithoutAnOperatorObjectsWithoutDigestsAreFound()
    {
        var agents = world.Agents.Select((_, node) => world.Digest(world.Names("digests", node)[0]).Key).ToList();
        world.Names("keys", 0).Concat(world.Names("keys", 1)).Concat(world.Names("digests", 0)).ToList()
            .ForEach(name => world.Objects.Remove(name));

        var result = await world.Archive.VerifyAsync(trusted: new TrustedKeys([], agents));

        Assert.Equal(FindingKind.UnnamedObject, result.Gravest(strict: false));
        Assert.Equal(world.Names("events", 0).Count, result.CountOf(FindingKind.UnnamedObject));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AHeadMayBeEitherOfTwoCopiesOfADigest(bool isCopy)
    {
        var head = world.Head(0);
        var digest = world.Digest(world.Names("digests", 0)[^1]);
        var copy = world.Put(digest, world.Agents[0].KeyOf(digest.Key));
        var sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(world.Objects[copy]));

        var result = await world.Archive.VerifyAsync([isCopy ? head with { Head = head.Head with { Sha256 = sha256 } } : head]);

        Assert.Equal(FindingKind.ChangedDigest, result.Gravest(strict: false));
    }

    void Retire(TimeSpan ago) => world.Archive.Retire(world.Agents[0].Owner, world.Agents[0].Key.Public, world.Archive.Now - ago);
}
