using ClusterTrail.Archive;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;

namespace ClusterTrail.History.Tests.Search;

public sealed class EarlierBatchesTests
{
    static readonly DateTimeOffset Since = new(2026, 3, 20, 12, 0, 0, TimeSpan.Zero);

    readonly InMemoryLocation archive = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2, true)]
    [InlineData(2, false)]
    [InlineData(25, true)]
    [InlineData(25, false)]
    public async Task ABatchThatBeganDaysBeforeAndReachesIntoTheTimeIsListed(int days, bool isFollowed)
    {
        var old = archive.Add(Since.AddDays(-days), "cp-1", 1);
        if (isFollowed)
            archive.Add(Since.AddHours(2), "cp-1", 2);

        Assert.Contains(old, await KeysAsync());
    }

    [Fact]
    public async Task ABatchThatEndedBeforeIsNotRead()
    {
        archive.Add(Since.AddDays(-5), "cp-1", 1);
        var next = archive.Add(Since.AddDays(-4), "cp-1", 2);

        Assert.Equal([next], await KeysAsync());
    }

    [Fact]
    public async Task OfNodesThatWentAwayOnlyTheLastAreRead()
    {
        for (var node = 0; node < 300; node++)
            archive.Add(Since.AddDays(-3).AddMinutes(node), $"node-{node}", 1);

        var keys = await KeysAsync();

        Assert.Equal(64, keys.Count);
        Assert.Contains(keys, key => key.Contains("/node=node-299/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnArchiveWithManyObjectsIsNotLookedThrough()
    {
        for (var at = 1; at <= 25_000; at++)
            archive.Objects.Add(Named(Since.AddDays(-2).AddSeconds(at), at));

        await KeysAsync();

        Assert.Equal(2, archive.Listed);
    }

    [Fact]
    public async Task WithoutABeginningTheArchiveIsListedOnce()
    {
        archive.Add(Since, "cp-1", 1);

        await new ArchiveHistory(archive, new(new(null))).ListAsync(ObjectScope.All, _ => { }, Cancel);

        Assert.Equal(1, archive.Listed);
    }

    [Fact]
    public async Task TheBeginningOfTimeIsNoProblem()
    {
        var range = new TimeRange(DateTimeOffset.MinValue.AddDays(2), null);

        await new ArchiveHistory(archive, new(new(null))).ListAsync(HistorySearch.Scope(range, null, null, null), _ => { }, Cancel);
    }

    async Task<IReadOnlyList<string>> KeysAsync()
    {
        var range = new TimeRange(Since, Since.AddDays(1));
        var history = new ArchiveHistory(archive, new(new(null)));
        var spans = await history.ListAsync(HistorySearch.Scope(range, null, null, null), problem => Assert.Fail(problem.Message), Cancel);
        return [.. spans.Where(span => span.MayMeet(range)).Select(span => span.Object.Key)];
    }

    static ArchiveObject Named(DateTimeOffset time, long sequence)
    {
        var name = new BatchName
        {
            Cluster = "prod",
            Trail = "main",
            FirstEvent = time,
            Node = "cp-1",
            Source = "apiserver",
            Sequence = sequence,
            Hash = "0123456789abcdef",
            Codec = Codec.Zstd,
            Encrypted = false,
        }.ToString();
        return ArchiveObject.Of(name, name);
    }
}
