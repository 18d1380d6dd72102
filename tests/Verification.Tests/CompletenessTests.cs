using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Archive.Digests;
using ClusterTrail.Testing.Chains;
using ClusterTrail.Verification.Chains;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Verification.Tests;

/// <summary>What digests say that the operator found is told: each difference once, and as a notice.</summary>
public sealed class CompletenessTests : IDisposable
{
    readonly SimulatedArchive archive = new();
    readonly SimulatedAgent agent;

    public CompletenessTests()
    {
        agent = new(new Random(1), archive, new("demo", "main", "cp-1", "agent"), "apiserver");
        archive.Enrol(agent.Owner, agent.Key.Public, archive.Now);
    }

    public void Dispose()
    {
        agent.Dispose();
        archive.Dispose();
    }

    DateTimeOffset Now => archive.Now;

    [Fact]
    public async Task WithoutAWordNobodyCompared()
    {
        Seal(null);

        var result = await archive.VerifyAsync();

        Assert.Empty(result.Findings.Findings);
        Assert.Equal(CompletenessTotals.None, Assert.Single(result.Chains).Completeness);
    }

    [Fact]
    public async Task ThatNothingIsMissingIsNoFindingAndSaysUntilWhen()
    {
        Seal(Word(0, 9, null));
        var at = Now.AddSeconds(-30);
        Seal(new(at, OfAll: true, Counts(0, 3, null), null));
        Seal(null);

        var result = await archive.VerifyAsync();

        Assert.Empty(result.Findings.Findings);
        Assert.Equal(new(at, 0, 3, 0, true, null, null), Assert.Single(result.Chains).Completeness);
    }

    [Fact]
    public async Task ALossIsOneNoticeHoweverManyDigestsTellIt()
    {
        var found = Now;
        Seal(Word(5, 9, found));
        for (var more = 0; more < 10; more++)
            Seal(Word(7, 8, found));

        var result = await archive.VerifyAsync();

        var finding = Assert.Single(result.Findings.Findings);
        Assert.Equal((FindingKind.DeclaredMissing, 1, "agent", false), (finding.Kind, finding.Count, finding.Chain, finding.Kind.Fails()));
        Assert.Equal(
            "The operator found that 7 to 8 events that the API server of the node made were not read, found "
                + $"{SignedTime.Text(found)}: RotatedAway.",
            finding.Message);
        Assert.Null(result.Gravest(strict: false));
        Assert.Equal(FindingKind.DeclaredMissing, result.Gravest(strict: true));
        Assert.Equal((7, 8), (result.Chains[0].Completeness.Missing, result.Chains[0].Completeness.MostMissing));
    }

    /// <summary>A follower that looks each few minutes must not count one loss as many.</summary>
    [Fact]
    public async Task APartOfItsDigestsTellsTheSameLossByTheSameName()
    {
        var found = Now;
        for (var digest = 0; digest < 10; digest++)
            Seal(Word(7, 7, found));
        var since = Now.AddMinutes(-12);

        var whole = await archive.VerifyAsync();
        var part = await archive.VerifyAsync(scope: ArchiveScope.All with { Since = since });

        Assert.Equal(Assert.Single(whole.Findings.Findings).Subject, Assert.Single(part.Findings.Findings).Subject);
    }

    [Fact]
    public async Task TheNextLossIsAnotherNoticeAndNotCountedTwice()
    {
        var first = Now;
        Seal(Word(7, 7, first));
        var second = Now;
        Seal(Word(10, 10, second));

        var result = await archive.VerifyAsync();

        Assert.Equal(2, result.CountOf(FindingKind.DeclaredMissing));
        Assert.Equal(10, result.Chains[0].Completeness.Missing);

        // A day later those are over, and what is lost then is lost besides.
        archive.Now += TimeSpan.FromDays(1.1);
        Seal(Word(0, 0, null));
        Seal(Word(3, 4, Now));

        result = await archive.VerifyAsync();
        Assert.Equal(3, result.CountOf(FindingKind.DeclaredMissing));
        Assert.Equal((13, 14), (result.Chains[0].Completeness.Missing, result.Chains[0].Completeness.MostMissing));
    }

    [Fact]
    public async Task WhatIsTakenBackStaysToldAndIsNotCounted()
    {
        Seal(Word(7, 7, Now));
        Seal(Word(0, 2, null));

        var result = await archive.VerifyAsync();

        Assert.EndsWith(" A later digest takes it back.", Assert.Single(result.Findings.Findings).Message, StringComparison.Ordinal);
        Assert.Equal((0, 2), (result.Chains[0].Completeness.Missing, result.Chains[0].Completeness.MostMissing));
    }

    [Fact]
    public async Task ASurplusIsAnotherKind()
    {
        Seal(new(Now, OfAll: true, Counts(0, 0, Now) with { SurplusAtLeast = 40, Reason = "AnotherWriter" }, null));

        var result = await archive.VerifyAsync();

        Assert.Equal(
            "The operator found that at least 40 more events were read than all API servers together made, found "
                + $"{SignedTime.Text(Now.AddMinutes(-5))}: AnotherWriter.",
            Assert.Single(result.Findings.Findings, one => one.Kind == FindingKind.DeclaredSurplus).Message);
        Assert.Equal((0, 40, true), (
            result.Chains[0].Completeness.Missing, result.Chains[0].Completeness.Surplus, result.Chains[0].Completeness.OfAll));
    }

    [Fact]
    public async Task WhyNothingIsComparedIsSaid()
    {
        var (at, since) = (Now, Now.AddMinutes(1));
        Seal(Word(7, 7, Now));
        Seal(new(at, OfAll: false, Counts(7, 7, at), new("the agent does not read", since)));
        Seal(new(null, OfAll: false, null, new("the agent does not read", since)));

        var result = await archive.VerifyAsync();

        Assert.Equal(1, result.CountOf(FindingKind.DeclaredMissing));
        Assert.Equal(new(at, 7, 7, 0, false, "the agent does not read", since), result.Chains[0].Completeness);
    }

    /// <summary>Who has an agent's key may sign what he likes: it costs findings, and not the verifier.</summary>
    [Fact]
    public async Task StrangeNumbersAndTimesAreTold()
    {
        var most = (1L << 53) - 1;
        var (begin, end) = (DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        Seal(new(end, OfAll: false, Counts(most, most, end) with { EarlierMissing = most, SurplusAtLeast = most }, null));
        Seal(new(begin, OfAll: true, Counts(most, most, begin) with { EarlierMissing = most }, null));
        Seal(new(begin, OfAll: false, Counts(1, most, Now) with { Reason = "\u001b[2J</td>" }, new(new string('x', 500), begin)));

        var result = await archive.VerifyAsync();

        Assert.Equal((3, 1), (result.CountOf(FindingKind.DeclaredMissing), result.CountOf(FindingKind.DeclaredSurplus)));
        Assert.Equal(0, result.CountOf(FindingKind.Unreadable));
        Assert.True(result.Chains[0].Completeness.Missing > 0);
        Assert.True(result.Chains[0].Completeness.ComparedUntil <= Now);
    }

    [Theory]
    [InlineData("\"missingAtLeast\":7", "\"missingAtLeast\":-7")]
    [InlineData("\"foundAt\":\"", "\"FoundAt\":\"")]
    [InlineData("\"version\":\"1.1\"", "\"version\":\"1.0\"")]
    public async Task AWordThatNoOperatorSaidMakesTheDigestAnotherOne(string right, string wrong)
    {
        Seal(Word(7, 7, Now));
        var name = archive.Objects.Keys.Single(one => one.StartsWith("digests/", StringComparison.Ordinal));
        Assert.Contains(right, Text(name), StringComparison.Ordinal);
        var digest = JsonNode.Parse(Text(name).Split('\n')[0].Replace(right, wrong, StringComparison.Ordinal))!.AsObject();
        var signed = SignedObject.Sign(digest, agent.Key);
        archive.Objects.Remove(name);
        archive.Objects[$"{name[..(name.Length - 21)]}{signed.Hash}.json"] = signed.Bytes.ToArray();

        var result = await archive.VerifyAsync();

        Assert.Equal(1, result.CountOf(FindingKind.ChangedDigest));
        Assert.Equal(0, result.CountOf(FindingKind.DeclaredMissing));
    }

    string Text(string name) => Encoding.UTF8.GetString(archive.Objects[name]);

    void Seal(DigestCompleteness? said)
    {
        archive.Now += TimeSpan.FromMinutes(5);
        agent.SealDigest(change: digest => digest with { Completeness = said });
        agent.Deliver();
    }

    DigestCompleteness Word(long least, long most, DateTimeOffset? found) => new(Now, OfAll: false, Counts(least, most, found), null);

    static DigestCounts Counts(long least, long most, DateTimeOffset? found) => new()
    {
        Since = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero),
        MissingAtLeast = least,
        MissingAtMost = most,
        EarlierMissing = 0,
        SurplusAtLeast = 0,
        FoundAt = found,
        Reason = found is null ? null : "RotatedAway",
    };
}
