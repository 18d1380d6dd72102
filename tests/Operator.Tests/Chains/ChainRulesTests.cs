using System.Text;
using System.Text.Json;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Chains;

namespace ClusterTrail.Operator.Tests.Chains;

public sealed class ChainRulesTests : IDisposable
{
    static readonly ChainOwnerKey Owner = new("prod", "cp-1", "agent");

    readonly SigningKey key = SigningKey.Generate();
    readonly SigningKey agent = SigningKey.Generate();

    public void Dispose()
    {
        key.Dispose();
        agent.Dispose();
    }

    [Fact]
    public void TheKeyOfANodeThatIsGoneForADayIsRetiredAndForgottenWhenThatIsStored()
    {
        var known = Stored(Rules(0).Take(null, Owner, Report(5)).After);

        var (missed, _) = Rules(1).Miss(known);
        var (before, nothing) = Rules(24).Miss(missed!);
        var (retired, news) = Rules(26).Miss(before!);
        var (kept, _) = Rules(27).Miss(retired!);
        var (gone, _) = Rules(28).Miss(Stored(kept!));

        Assert.Equal((ChainNews.None, ChainNews.Retired), (nothing, news));
        var record = KeyRetirement.Read(SignedObject.Read(Encoding.UTF8.GetBytes(Assert.Single(retired!.Pending).Text)));
        Assert.Equal((agent.Public.Id, Some.Noon.AddHours(26)), (record.KeyId, record.RetiredAt));
        Assert.Same(retired, kept);
        Assert.Null(gone);
    }

    [Fact]
    public void ANodeThatComesBackInTimeIsNotRetiredAndLaterItIsEnrolledAgain()
    {
        var known = Stored(Rules(0).Take(null, Owner, Report(5)).After);
        var missed = Rules(1).Miss(known).After!;
        var retired = Rules(26).Miss(missed).After!;

        var (back, none) = Rules(2).Take(missed, Owner, Report(6));
        var (again, news) = Rules(27).Take(retired, Owner, Report(6));

        Assert.Equal((ChainNews.None, null, 6L), (none, back.GoneSince, back.Sequence));
        Assert.Equal((ChainNews.Enrolled, false, 2), (news, again.IsRetired, again.Pending.Count));
    }

    [Fact]
    public void ManyNewChainsInARowAreNotEnrolled()
    {
        var known = Rules(0).Take(null, Owner, Report(5)).After;
        var other = Report(1) with { ChainId = new('b', 32) };

        Assert.Same(known, Rules(0.05).Take(known, Owner, other).After);
        Assert.Equal(ChainNews.Replaced, Rules(0.1).Take(known, Owner, other).News);
    }

    [Fact]
    public void AFormerChainThatComesBackHasGoneBack()
    {
        var known = Stored(Rules(0).Take(null, Owner, Report(412)).After);
        known = Stored(Rules(1).Take(known, Owner, Report(1) with { ChainId = new('b', 32) }).After);
        known = Stored(Rules(2).Take(known, Owner, Report(1) with { ChainId = new('d', 32) }).After);

        var (after, news) = Rules(3).Take(known, Owner, Report(400));
        var (again, silent) = Rules(4).Take(after, Owner, Report(401));

        Assert.Equal((ChainNews.MovedBack, new('d', 32), 1L), (news, after.ChainId, after.Sequence));
        Assert.Equal((400L, Some.Noon.AddHours(3)), (after.MovedBack!.Sequence, after.MovedBack.At));
        Assert.Equal((after, ChainNews.None), (again, silent));
        Assert.Equal(ChainNews.Replaced, Rules(5).Take(again, Owner, Report(1) with { ChainId = new('e', 32) }).News);
    }

    [Fact]
    public void WhoStoresNoRecordsFillsTheMemoryOnlyUpToALimit()
    {
        var known = Rules(0).Take(null, Owner, Report(1)).After;
        for (var hour = 1; hour < 100; hour++)
            known = Rules(hour).Take(known, Owner, Report(1) with { ChainId = $"{hour:x32}" }).After;
        Assert.InRange(known.Pending.Count, ChainRules.MostPending, ChainRules.MostPending + 1);

        var stored = Report(1) with { ChainId = new('b', 32), Records = [.. known.Pending.Select(record => record.Sha256)] };
        var (after, news) = Rules(200).Take(known, Owner, stored);

        Assert.Equal((ChainNews.Replaced, 1), (news, after.Pending.Count));
    }

    [Fact]
    public void AnotherChainWithTheSameKeyNamesTheFormerHeadAndRetiresNothing()
    {
        var known = Stored(Rules(0).Take(null, Owner, Report(5)).After);

        var after = Rules(1).Take(known, Owner, Report(1) with { ChainId = new('b', 32) }).After;

        var record = KeyEnrolment.Read(SignedObject.Read(Encoding.UTF8.GetBytes(Assert.Single(after.Pending).Text)));
        Assert.Equal(new ChainHead(known.ChainId, 5, known.Sha256!), record.FormerHead);
    }

    [Fact]
    public void FormerHeadsAndKeysOfTheOperatorAreRemembered()
    {
        using var other = SigningKey.Generate();
        var first = Stored(Rules(0).Take(null, Owner, Report(5)).After);
        var second = Stored(Rules(1).Take(first, Owner, Report(1) with { ChainId = new('b', 32) }).After);

        var again = (Rules(2) with { Key = other }).Take(second, Owner, Report(2) with { ChainId = new('b', 32) }).After;
        var upgraded = Rules(1).Take(first with { OperatorKeys = [] }, Owner, Report(6));

        Assert.Equal([other.Public.Base64, key.Public.Base64], again.OperatorKeys);
        Assert.Equal(new ChainHead(first.ChainId, 5, first.Sha256!), again.FormerHead);
        Assert.Equal((ChainNews.None, key.Public.Base64), (upgraded.News, Assert.Single(upgraded.After.OperatorKeys)));
    }

    [Fact]
    public void AnotherKeyOfTheOperatorEnrolsAgainAndKeepsTheHead()
    {
        using var other = SigningKey.Generate();
        var known = Stored(Rules(0).Take(null, Owner, Report(5)).After);

        var (after, news) = (Rules(1) with { Key = other }).Take(known, Owner, Report(4));

        Assert.Equal((ChainNews.Enrolled, 5L, other.Public.Id), (news, after.Sequence, after.EnrolledBy));
        Assert.Equal(ChainNews.MovedBack, (Rules(2) with { Key = other }).Take(after, Owner, Report(4)).News);
    }

    [Fact]
    public void RecordsOfNodesThatAreGoneAreOfferedToOneAgent()
    {
        var here = Stored(Rules(0).Take(null, Owner, Report(5)).After);
        var gone = Rules(26).Miss(Rules(1).Miss(Stored(Rules(0).Take(null, Owner with { Node = "gone" }, Report(5)).After)).After!).After!;
        var chains = new TrailChains([here, gone]);

        chains.Offer(null);
        Assert.Empty(chains.PendingFor(Owner));
        chains.Offer(Owner);

        Assert.Equal(gone.Pending, chains.PendingFor(Owner));
        Assert.Empty(chains.PendingFor(Owner with { Node = "cp-2" }));
    }

    [Fact]
    public void NothingIsOfferedThatIsNotKept()
    {
        var chains = new TrailChains([]);
        chains.Set(Owner, Rules(0).Take(null, Owner, Report(5)).After, isUrgent: true);
        chains.Offer(Owner);
        Assert.Empty(chains.PendingFor(Owner));

        chains.NoteSaved(Assert.Single(chains.Due(Some.Noon)), Some.Noon);
        chains.Offer(Owner);

        Assert.Single(chains.PendingFor(Owner));
    }

    [Fact]
    public void HeadsAreKeptEveryFiveMinutes()
    {
        var known = Stored(Rules(0).Take(null, Owner, Report(5)).After);
        var chains = new TrailChains([known]);
        chains.NoteSaved(ChainShards.Of("cp-1"), Some.Noon);

        chains.Set(Owner, known with { Sequence = 6 }, isUrgent: false);

        Assert.Empty(chains.Due(Some.Noon.AddMinutes(4)));
        Assert.Single(chains.Due(Some.Noon.AddMinutes(5)));
    }

    // docs/decisions/0029 has these numbers.
    [Fact]
    public void TheChainsOfFiveThousandNodesFit()
    {
        var one = Rules(0).Take(null, Owner, Report(1_000_000)).After with
        {
            Confirmed = new(999_999, new('c', 64), Some.Noon),
            WaitingSince = Some.Noon,
        };
        var all = Enumerable.Range(0, 10_000)
            .Select(at => one with
            {
                Node = $"ip-10-120-{at / 2 / 256}-{at / 2 % 256}.eu-central-1.compute.internal",
                Chain = at % 2 == 0 ? "agent" : "workloads",
            })
            .GroupBy(chain => ChainShards.Of(chain.Node)).ToList();

        var largest = all.Max(shard => Bytes([.. shard]));
        var idle = all.Max(shard => Bytes([.. shard.Select(Stored)]));

        Assert.InRange(largest, 100_000, 700_000);
        Assert.InRange(idle, 50_000, 350_000);
    }

    [Fact]
    public void WhatIsKeptCanBeReadBack()
    {
        var known = Rules(26).Miss(Rules(1).Miss(Rules(0).Take(null, Owner, Report(5)).After).After!).After! with
        {
            MovedBack = new(3, new('c', 64), Some.Noon),
            FormerHead = new(new('d', 32), 9, new('e', 64)),
            FormerChains = [new('d', 32)],
            Confirmed = new(4, new('f', 64), Some.Noon),
            WaitingSince = Some.Noon,
        };

        var text = JsonSerializer.Serialize([known], ChainsJson.Default.ListKnownChain);

        var read = Assert.Single(JsonSerializer.Deserialize(text, ChainsJson.Default.ListKnownChain)!);
        Assert.Equal(
            known with { Pending = read.Pending, OperatorKeys = read.OperatorKeys, FormerChains = read.FormerChains }, read);
        Assert.Equal(known.FormerChains, read.FormerChains);
        Assert.Equal(known.OperatorKeys, read.OperatorKeys);
        Assert.Equal(known.Pending, read.Pending);
    }

    static int Bytes(List<KnownChain> chains) => JsonSerializer.SerializeToUtf8Bytes(chains, ChainsJson.Default.ListKnownChain).Length;

    static KnownChain Stored(KnownChain chain) => ChainRules.Stored(chain, [.. chain.Pending.Select(record => record.Sha256)]);

    ChainRules Rules(double hours) => new("main", key, Some.Noon.AddHours(hours));

    IntegrityStatus Report(long sequence) => new()
    {
        Chain = "agent",
        ChainId = new('a', 32),
        Sequence = sequence,
        Sha256 = $"{sequence:x64}",
        Until = Some.Noon,
        NextBy = Some.Noon.AddMinutes(5),
        KeyId = agent.Public.Id,
        PublicKey = agent.Public.Base64,
        Records = [],
    };
}
