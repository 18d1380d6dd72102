using ClusterTrail.Archive.Digests;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Chains;

namespace ClusterTrail.Operator.Tests.Chains;

/// <summary>The head of a chain is what the sink has confirmed, and what is judged is what the agent has sealed.</summary>
public sealed class ConfirmedHeadTests : IDisposable
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
    public void TheHeadIsWhatTheSinkHasConfirmed()
    {
        var begun = Take(null, Report(1, 0));
        var outage = Take(Take(begun, Report(2, 1)), Report(5, 1));
        var longer = Take(outage, Report(6, 1));
        var recovered = Take(longer, Report(6, 6));

        Assert.Equal((new(0), TimeOf(1)), (begun.Head, begun.WaitingSince));
        Assert.Equal((1, 5, TimeOf(2)), (outage.Head.Sequence, outage.Sequence, outage.WaitingSince));
        Assert.Equal(TimeOf(2), longer.WaitingSince);
        Assert.Equal((6, null), (recovered.Head.Sequence, recovered.WaitingSince));
    }

    [Fact]
    public void SomeThatArriveMakeTheRestWaitAnew() =>
        Assert.Equal(TimeOf(7), Take(Take(Take(null, Report(2, 1)), Report(5, 1)), Report(7, 4)).WaitingSince);

    [Fact]
    public void AHeadNeverMovesBackAndThatIsNoFault()
    {
        var known = Take(null, Report(5, 4));

        var (after, news) = Rules.Take(known, Owner, Report(6, 0));

        Assert.Equal((ChainNews.None, 4, 6), (news, after.Head.Sequence, after.Sequence));
    }

    [Fact]
    public void AnAgentThatIsUpdatedKeepsTheHeadOfTheOlderOne()
    {
        var older = Take(null, Report(5, null));
        var updated = Take(older, Report(6, 0));
        var confirmed = Take(updated, Report(6, 6));
        var downgraded = Take(confirmed, Report(7, null));

        Assert.Equal((null, 5), (older.Confirmed, older.Head.Sequence));
        Assert.Equal((5, TimeOf(6)), (updated.Head.Sequence, updated.WaitingSince));
        Assert.Equal((6, null), (confirmed.Head.Sequence, confirmed.WaitingSince));
        Assert.Equal((7, null), (downgraded.Head.Sequence, downgraded.WaitingSince));
    }

    [Theory]
    [InlineData(5, 9999, 'x')] // somebody wrote a head that no agent had
    [InlineData(5, 3, 'f')]
    [InlineData(6, 6, 'f')]
    public void AConfirmedDigestThatTheAgentContradictsHasMovedBack(long kept, long confirmed, char hash)
    {
        var known = Take(null, Report(kept, 3)) with { Confirmed = new(confirmed, new(hash, 64), Some.Noon) };

        Assert.Equal(ChainNews.MovedBack, Rules.Take(known, Owner, Report(6, 3)).News);
    }

    [Fact]
    public void TheFormerHeadIsWhatTheSinkHadConfirmed()
    {
        var known = Take(null, Report(9, 4));
        var nothing = Take(null, Report(9, 0));
        var other = Report(1, 0) with { ChainId = new('b', 32) };
        var later = Rules with { Now = Some.Noon.AddHours(1) };

        Assert.Equal(new ChainHead(known.ChainId, 4, Hash(4)), later.Take(known, Owner, other).After.FormerHead);
        Assert.Null(later.Take(nothing, Owner, other).After.FormerHead);
    }

    [Fact]
    public void AHeadThatTheAgentContradictsIsSignedOnlyIfOneHadSaidItToThisOperator()
    {
        var back = Take(null, Report(9, 9)) with { MovedBack = new(3, Hash(3), Some.Noon) };
        var other = Report(1, 1) with { ChainId = new('b', 32) };
        var later = Rules with { Now = Some.Noon.AddHours(1) };

        Assert.NotNull(later.Take(back, Owner, other, isReported: true).After.FormerHead);
        Assert.Null(later.Take(back, Owner, other, isReported: false).After.FormerHead);
        Assert.NotNull(later.Take(back with { MovedBack = null }, Owner, other, isReported: false).After.FormerHead);
    }

    [Fact]
    public void OnlyWhatAnAgentSaidToThisOperatorIsVouchedFor()
    {
        var kept = Take(null, Report(9, 7));
        var chains = new TrailChains([kept]);
        Assert.Empty(chains.Vouched);

        // As an agent does that forgot, until it delivers the next digest.
        chains.NoteReported(Owner, Report(9, 0));
        Assert.Empty(chains.Vouched);
        chains.NoteReported(Owner, Report(9, 7));
        Assert.Equal([kept], chains.Vouched);
        chains.NoteReported(Owner, Report(10, 0));
        Assert.Equal([kept], chains.Vouched);
    }

    [Theory]
    [InlineData(6, 6)]
    [InlineData(9, null)]
    public void WhatSomebodyWroteIsNotVouchedFor(long sealedSequence, int? confirmed)
    {
        var kept = Take(null, Report(9, 7)) with { Confirmed = new(8, new('f', 64), Some.Noon) };
        var chains = new TrailChains([kept]);

        chains.NoteReported(Owner, Report(sealedSequence, confirmed is null ? 7 : confirmed));

        Assert.Empty(chains.Vouched);
    }

    [Fact]
    public void AChainThatMovedBackIsNotVouchedFor()
    {
        var kept = Take(null, Report(9, 7));
        var chains = new TrailChains([kept with { MovedBack = new(3, Hash(3), Some.Noon) }]);

        chains.NoteReported(Owner, Report(12, 12));

        Assert.Empty(chains.Vouched);
    }

    ChainRules Rules => new("main", key, Some.Noon);

    KnownChain Take(KnownChain? before, IntegrityStatus report) => Rules.Take(before, Owner, report).After;

    static string Hash(long sequence) => $"{sequence:x64}";

    static DateTimeOffset TimeOf(long sequence) => Some.Noon.AddMinutes(sequence);

    IntegrityStatus Report(long sequence, long? confirmed) => new()
    {
        Chain = "agent",
        ChainId = new('a', 32),
        Sequence = sequence,
        Sha256 = Hash(sequence),
        Until = TimeOf(sequence),
        NextBy = TimeOf(sequence + 1),
        Confirmed = confirmed is not { } number ? null
            : number == 0 ? new() { Sequence = 0 }
            : new() { ChainId = new('a', 32), Sequence = number, Sha256 = Hash(number), Until = TimeOf(number) },
        KeyId = agent.Public.Id,
        PublicKey = agent.Public.Base64,
        Records = [],
    };
}
