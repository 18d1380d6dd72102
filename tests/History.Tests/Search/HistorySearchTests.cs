using System.Text;
using System.Text.RegularExpressions;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;

namespace ClusterTrail.History.Tests.Search;

public sealed class HistorySearchTests
{
    static readonly DateTimeOffset Start = new(2026, 3, 1, 22, 0, 0, TimeSpan.Zero);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void WhateverIsAskedForComesOnceAndInOrder() => RandomSequences.Run(200, seed =>
    {
        var random = new Random(seed);
        var archive = new InMemoryLocation();
        var all = Fill(archive, random);
        var range = new TimeRange(
            random.Next(3) == 0 ? null : Start.AddMinutes(random.Next(-60, 300)),
            random.Next(3) == 0 ? null : Start.AddMinutes(random.Next(0, 400)));
        var user = random.Next(3) == 0 ? null : $"user-{random.Next(5)}";
        var query = new SearchQuery(
            range, user is null ? null : new RecordTest.OfTexts([user], static (in record) => record.UserName), random.Next(2) == 0);

        var found = Run(archive, query).Found;

        var expected = all.Where(one => range.Has(one.Time) && (user is null || one.User == user)).Select(one => one.Id);
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Select(Id).Order(StringComparer.Ordinal));
        var times = found.Select(one => one.Time).ToList();
        Assert.Equal(query.IsNewestFirst ? times.OrderDescending() : times.Order(), times);
    });

    [Fact]
    public void ObjectsOfOtherTimesAreNotOpened()
    {
        var archive = new InMemoryLocation();
        for (var at = 0; at < 48; at++)
            archive.Add(Start.AddHours(at), "cp-1", at + 1, InMemoryLocation.Record(Start.AddHours(at), $"{at}"));

        var found = Run(archive, new(new(Start.AddHours(10), Start.AddHours(11)), null, IsNewestFirst: false)).Found;

        Assert.Equal("10", Id(Assert.Single(found)));
        Assert.InRange(archive.Opened, 1, 4);
    }

    [Fact]
    public void ABatchThatBeganBeforeIsReadToo()
    {
        var archive = new InMemoryLocation();
        var before = Start.AddHours(2).AddMinutes(-10);
        archive.Add(
            before, "cp-1", 1, InMemoryLocation.Record(before, "yesterday"), InMemoryLocation.Record(before.AddMinutes(11), "today"));

        var found = Run(archive, new(new(Start.AddHours(2), null), null, IsNewestFirst: false)).Found;

        Assert.Equal("today", Id(Assert.Single(found)));
    }

    [Fact]
    public void ABatchThatNoOtherFollowsHasNoEnd()
    {
        var archive = new InMemoryLocation();
        archive.Add(Start, "cp-1", 1, InMemoryLocation.Record(Start, "first"), InMemoryLocation.Record(Start.AddHours(30), "late"));
        archive.Add(Start.AddHours(1), "cp-1", 3, InMemoryLocation.Record(Start.AddHours(1), "behind a hole"));

        var found = Run(archive, new(new(Start.AddHours(29), Start.AddHours(31)), null, IsNewestFirst: false)).Found;

        Assert.Equal("late", Id(Assert.Single(found)));
    }

    [Fact]
    public void ABatchWhoseNameHasALaterTimeThanItsRecordsIsFound()
    {
        var archive = new InMemoryLocation();
        archive.Add(Start, "cp-1", 1, InMemoryLocation.Record(Start, "before"));
        archive.Add(
            Start.AddHours(9), "cp-1", 2, InMemoryLocation.Record(Start.AddHours(9), "unparsable"),
            InMemoryLocation.Record(Start.AddHours(2), "event"));
        archive.Add(Start.AddHours(3), "cp-1", 3, InMemoryLocation.Record(Start.AddHours(3), "after"));

        var found = Run(archive, new(new(Start.AddHours(1), Start.AddHours(2.5)), null, IsNewestFirst: false)).Found;

        Assert.Equal("event", Id(Assert.Single(found)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ANameAtTheEndOfTimeHurtsNobody(bool isNewestFirst)
    {
        var archive = new InMemoryLocation();
        var end = DateTimeOffset.MaxValue.AddHours(-1);
        archive.Add(end, "cp-1", 1, InMemoryLocation.Record(end, "end"));
        archive.Add(Start, "cp-2", 1, InMemoryLocation.Record(Start, "now"));

        Assert.Equal(2, Run(archive, new(TimeRange.All, null, isNewestFirst)).Found.Count);
    }

    [Fact]
    public void AnEventNestedAsDeepAsAgentsKeepOneIsFound()
    {
        var archive = new InMemoryLocation();
        var deep = string.Concat(Enumerable.Repeat("[", JsonIndex.MaxDepth - 1)) + string.Concat(Enumerable.Repeat("]", JsonIndex.MaxDepth - 1));
        archive.Add(Start, "cp-1", 1, InMemoryLocation.Record(Start, "deep", more: $",\"event\":{{\"requestObject\":{deep}}}"));

        var (found, problems) = Run(archive, new(TimeRange.All, null, IsNewestFirst: true));

        Assert.Equal("deep", Id(Assert.Single(found)));
        Assert.Empty(problems);
    }

    [Fact]
    public void WhatCannotBeReadIsToldAndTheRestComes()
    {
        var archive = new InMemoryLocation();
        var away = archive.Add(Start, "cp-1", 1, InMemoryLocation.Record(Start, "a"));
        archive.Add(Start.AddMinutes(1), "cp-1", 2, "{not JSON}", InMemoryLocation.Record(Start.AddMinutes(1), "b"));
        archive.Broken.Add(away);

        var (found, problems) = Run(archive, new(TimeRange.All, null, IsNewestFirst: false));

        Assert.Equal("b", Id(Assert.Single(found)));
        Assert.Equal(2, problems.Count);
        Assert.Contains(problems, problem => problem.EndsWith("is away", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.EndsWith("is damaged: line 1 is not JSON and skipped.", StringComparison.Ordinal));
    }

    [Fact]
    public void LettersThatAreSpelledAsEscapesAreFound()
    {
        var archive = new InMemoryLocation();
        archive.Add(Start, "cp-1", 1, InMemoryLocation.Record(Start, "a", @"\u0061nn"), InMemoryLocation.Record(Start, "b", "bob"));

        var found = Run(archive, new(TimeRange.All, new RecordTest.OfTexts(["ann"], static (in record) => record.UserName), false)).Found;

        Assert.Equal("a", Id(Assert.Single(found)));
    }

    [Fact]
    public async Task WhoStopsEarlyDoesNotReadAllAsync()
    {
        var archive = new InMemoryLocation();
        for (var at = 0; at < 1000; at++)
            archive.Add(Start.AddMinutes(at), "cp-1", at + 1, InMemoryLocation.Record(Start.AddMinutes(at), $"{at}"));
        var search = new HistorySearch(History(archive), new(TimeRange.All, null, IsNewestFirst: true), new Observer());

        await foreach (var record in search.RunAsync([.. ObjectSpans.Of(archive.Objects)], Cancel))
        {
            Assert.Equal("999", Id(record));
            break;
        }

        Assert.InRange(archive.Opened, 1, 50);
    }

    // Several nodes, whose batches overlap; some records of a batch are a little earlier than the one before.
    static List<(string Id, DateTimeOffset Time, string User)> Fill(InMemoryLocation archive, Random random)
    {
        var all = new List<(string Id, DateTimeOffset Time, string User)>();
        foreach (var node in Enumerable.Range(0, random.Next(1, 4)).Select(at => $"cp-{at}"))
        {
            var time = Start.AddSeconds(random.Next(600));
            for (var sequence = 1; sequence <= random.Next(1, 15); sequence++)
            {
                var batch = Enumerable.Range(0, random.Next(1, 20)).Select(at =>
                {
                    time += TimeSpan.FromSeconds(random.Next(200));
                    var own = at == 0 ? time : time - TimeSpan.FromMilliseconds(random.Next(1000));
                    return (Id: $"{node}-{sequence}-{at}", Time: own, User: $"user-{random.Next(5)}");
                }).ToList();
                all.AddRange(batch);
                archive.Add(batch[0].Time, node, sequence, batch.Select(one => InMemoryLocation.Record(one.Time, one.Id, one.User)));
            }
        }

        return all;
    }

    static (List<FoundRecord> Found, List<string> Problems) Run(InMemoryLocation archive, SearchQuery query)
    {
        var observer = new Observer();
        var search = new HistorySearch(History(archive), query, observer);
        return (search.RunAsync([.. ObjectSpans.Of(archive.Objects)], Cancel).ToBlockingEnumerable(Cancel).ToList(), observer.Problems);
    }

    static ArchiveHistory History(InMemoryLocation archive) => new(archive, new(new(null)));

    static string Id(FoundRecord record) => Regex.Match(Encoding.UTF8.GetString(record.Line), "\"eventID\":\"([^\"]*)\"").Groups[1].Value;

    sealed class Observer : ISearchObserver
    {
        internal List<string> Problems { get; } = [];

        public void Found(long objects)
        {
        }

        public void Done()
        {
        }

        public void Report(TrailException problem) => Problems.Add(problem.Message);
    }
}
