using System.Text.Json;
using ClusterTrail.Contract.Completeness;
using ClusterTrail.Operator.Completeness;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Tests.Completeness;

public sealed class CompletenessWordTests
{
    static readonly DateTimeOffset Now = Some.Noon.AddHours(1);

    [Fact]
    public void ANodeIsToldOfItsOwnServerAndOthersOfAll()
    {
        var view = View([Count("cp-1") with { MissingAtMost = 3 }, Count("cp-2")]);

        var own = Word(view, "cp-1")!;

        Assert.Equal((false, 3, Some.Noon), (own.OfAll, own.Counts!.MissingAtMost, own.ComparedAt));
        Assert.Null(Word(view, "cp-3"));
        Assert.True(Word(View([Count(CompletenessView.All)]), "cp-3")!.OfAll);
    }

    [Fact]
    public void OneThatIsNotComparedKeepsNothingFromTheOthers()
    {
        var view = View([Count("cp-1"), Count("cp-2")]) with
        {
            NotCompared = new Dictionary<string, (string, DateTimeOffset)> { ["cp-2"] = ("the agent on cp-2 does not answer.", Some.Noon) },
        };

        Assert.Null(Word(view, "cp-1")!.NotCompared);
        Assert.Equal(new("the agent on cp-2 does not answer.", Some.Noon), Word(view, "cp-2")!.NotCompared);
    }

    [Fact]
    public void WithoutAComparisonTheReasonIsSaid()
    {
        var view = new CompletenessView([], "it is forbidden")
        {
            NotCompared = new Dictionary<string, (string, DateTimeOffset)> { [CompletenessView.All] = ("it is forbidden", Some.Noon) },
        };

        var word = Word(view, "cp-1")!;

        Assert.Equal((null, true, null), (word.Counts, word.OfAll, word.ComparedAt));
        Assert.Equal("it is forbidden", word.NotCompared!.Reason);
        Assert.Null(Word(new([]), "cp-1"));
    }

    [Fact]
    public void ALossOfBeforeIsToldThoughSumsAreComparedNow()
    {
        var lossy = Count("cp-1") with { MissingAtLeast = 7, MissingAtMost = 7, FoundAt = Some.Noon, Reason = "RotatedAway" };
        var view = View([lossy, Count(CompletenessView.All)]);

        var word = Word(view, "cp-1")!;

        Assert.Equal((false, 7, "RotatedAway"), (word.OfAll, word.Counts!.MissingAtLeast, word.Counts.Reason));
        Assert.Equal(Some.Noon, word.Counts.FoundAt);
    }

    /// <summary>What one with a right to a Trail's status wrote into it must not keep agents from being told.</summary>
    [Fact]
    public void WhateverStandsInAStatusIsMadeToFit()
    {
        var view = View([Count("cp-1") with
        {
            MissingAtLeast = long.MaxValue,
            MissingAtMost = -5,
            EarlierMissing = -1,
            SurplusAtLeast = long.MinValue,
            Reason = new string('\u0001', 1000),
        }]) with
        {
            NotCompared = new Dictionary<string, (string, DateTimeOffset)> { ["cp-1"] = (new string('x', 100_000) + "\ud800", Some.Noon) },
        };

        var word = Word(view, "cp-1")!;

        var most = (1L << 53) - 1;
        Assert.Equal((most, most, 0, 0), (
            word.Counts!.MissingAtLeast, word.Counts.MissingAtMost, word.Counts.EarlierMissing, word.Counts.SurplusAtLeast));
        Assert.InRange(word.Counts.Reason!.Length, 1, 64);
        Assert.InRange(word.NotCompared!.Reason.Length, 1, 500);
        Assert.NotNull(word.Counts.FoundAt);
        var body = JsonSerializer.SerializeToUtf8Bytes(word, CompletenessJson.Default.CompletenessHandover);
        Assert.InRange(body.Length, 1, CompletenessHandover.LargestBody);
    }

    [Fact]
    public void TheHashStandsForWhatIsNewAndNotForEachComparison()
    {
        var view = View([Count("cp-1")]);
        var hash = Word(view, "cp-1")!.Hash;

        Assert.Equal(hash, Word(View([Count("cp-1") with { MissingAtMost = 99 }], Now), "cp-1")!.Hash);
        Assert.NotEqual(hash, Word(View([Count("cp-1") with { MissingAtLeast = 1, FoundAt = Now }]), "cp-1")!.Hash);
        Assert.NotEqual(hash, Word(view with
        {
            NotCompared = new Dictionary<string, (string, DateTimeOffset)> { ["cp-1"] = ("why", Now) },
        }, "cp-1")!.Hash);
    }

    static CompletenessHandover? Word(CompletenessView view, string node) => CompletenessWord.Of(view, "main", node, Now);

    static CompletenessView View(IReadOnlyList<TrailCompleteness> counts, DateTimeOffset? at = null) => new(counts)
    {
        ComparedAt = counts.ToDictionary(count => count.Name, _ => at ?? Some.Noon),
    };

    static TrailCompleteness Count(string name) => new() { Name = name, Since = Some.Noon, Server = "s", Agent = "a" };
}
