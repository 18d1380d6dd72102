using System.Text;
using ClusterTrail.Agent.Sources.Feeds;
using ClusterTrail.Agent.Sources.Journal;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Feeds;

public sealed class FeedGroupsTests : IDisposable
{
    const int JournalBytes = 64 << 20;

    readonly TemporaryFolder folder = new();
    readonly List<FeedCounts> stored = [];

    static CancellationToken Stopping => TestContext.Current.CancellationToken;

    static FeedLines Lines(string id, int bytes)
    {
        var lines = new FeedLines();
        var text = FeedTextsOf.Event(id);
        lines.AddEvent(Encoding.UTF8.GetBytes($"{text[..^1]},\"pad\":\"{new string('x', bytes)}\"}}"));
        return lines;
    }

    EventJournal Journal() => new(folder.Join("journal"), JournalBytes, TimeProvider.System, () => { }, KnownGroups.Always);

    static JournalSource Source(EventJournal journal) => new(
        journal, null, 64 << 20, new(_ => Assert.Fail("a gap"), _ => { }, _ => { }), TimeProvider.System, () => null, () => null);

    [Fact]
    public async Task AGroupWaitsWhileTheJournalIsFullAndIsStoredOnceWhenItHasRoom()
    {
        using var journal = Journal();
        using var source = Source(journal);
        source.Begin();
        var groups = new FeedGroups(journal, stored.Add, TimeProvider.System);
        var keys = Enumerable.Range(0, 8).Select(at => FeedGroups.KeyOf(at, "hub", "0")).ToList();
        var waiting = 0;
        for (; waiting < keys.Count; waiting++)
        {
            using var lines = Lines($"{waiting}", 12 << 20);
            var storing = groups.StoreAsync(keys[waiting], lines, Stopping);
            if (await Task.WhenAny(storing, Task.Delay(2000, Stopping)) == storing)
                continue;

            // Nothing of it is in the journal, and nothing is counted, until what was read is committed.
            Assert.Equal(waiting, stored.Count);
            Assert.Equal(Enumerable.Range(0, waiting).Select(at => $"{at}"), ReadIds(source));
            source.NoteSaved(source.TakeProgress());
            await storing.WaitAsync(TimeSpan.FromSeconds(30), Stopping);
            break;
        }

        Assert.InRange(waiting, 4, 5);
        Assert.Equal(waiting + 1, stored.Count);
        Assert.Equal([$"{waiting}"], ReadIds(source));
    }

    [Fact]
    public async Task WhoStopsDoesNotWaitForRoom()
    {
        using var journal = Journal();
        var groups = new FeedGroups(journal, stored.Add, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        using var large = Lines("a", 40 << 20);
        await groups.StoreAsync(FeedGroups.KeyOf(0, "hub"), large, stop.Token);
        using var more = Lines("b", 40 << 20);
        var storing = groups.StoreAsync(FeedGroups.KeyOf(1, "hub"), more, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => storing);
        Assert.Single(stored);
    }

    [Fact]
    public async Task AKnownGroupIsNotStoredOrCountedAgain()
    {
        using var journal = Journal();
        var groups = new FeedGroups(journal, stored.Add, TimeProvider.System);
        using var lines = Lines("a", 10);

        await groups.StoreAsync(FeedGroups.KeyOf(0, "hub"), lines, Stopping);
        await groups.StoreAsync(FeedGroups.KeyOf(0, "hub"), lines, Stopping);

        Assert.Single(stored);
    }

    public void Dispose() => folder.Dispose();

    static List<string> ReadIds(JournalSource source)
    {
        List<string> lines = [];
        while (source.TryRead(out var line))
            lines.Add(Encoding.UTF8.GetString(line.Text));
        return [.. Buckets.BucketWorld.Ids(lines)];
    }
}
