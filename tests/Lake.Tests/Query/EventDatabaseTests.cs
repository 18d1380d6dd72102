using System.Text;
using ClusterTrail.Archive;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Lake.Query;

namespace ClusterTrail.Lake.Tests.Query;

public sealed class EventDatabaseTests : IDisposable
{
    const string Long = "SELECT count(*) FROM range(10000000) a, range(1000000) b WHERE hash(a.range + b.range) = 1";
    const string Large = "SELECT * FROM (SELECT repeat('x', 100) || range AS text FROM range(10000000)) ORDER BY text";

    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("clustertrail-lake-");

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task AParameterIsAValue()
    {
        using var database = await OpenAsync(Records(10));
        using var session = database.Connect();

        using var result = session.Run(
            "SELECT id FROM events WHERE user = $user AND time >= $since ORDER BY id",
            new Dictionary<string, object?> { ["user"] = "user-1", ["since"] = new DateTime(2026, 3, 1, 0, 0, 2, DateTimeKind.Utc) },
            Cancel);

        Assert.Equal([["4"], ["7"]], result.Read());
    }

    [Fact]
    public async Task SeveralSessionsAskAtOnceAndKeepWhatIsTheirs()
    {
        using var database = await OpenAsync(Records(5000));
        using var other = database.Connect();
        using (other.Run("CREATE TEMP TABLE mine AS SELECT 1 AS one", null, Cancel))
        {
        }

        await Parallel.ForAsync(0, 8, Cancel, (_, cancellationToken) =>
        {
            using var session = database.Connect();
            using var result = session.Run("SELECT count(DISTINCT id) FROM events", null, cancellationToken);
            Assert.Equal(5000L, Assert.Single(result.Read())[0]);
            Assert.Throws<TrailException>(() => session.Run("FROM mine", null, cancellationToken));
            return ValueTask.CompletedTask;
        });
    }

    [Fact]
    public async Task ALongQuestionEndsAtOnceWhenItIsCancelled()
    {
        using var database = await OpenAsync(Records(1));
        using var session = database.Connect();
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        using var rows = session.Run("SELECT a.range FROM range(10000000) a, range(1000000) b", null, cancelling.Token);
        using var row = rows.Read().GetEnumerator();
        Assert.True(row.MoveNext());

        await cancelling.CancelAsync();

        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            while (row.MoveNext())
            {
            }
        });
    }

    [Fact]
    public async Task WhatRunsWithoutRowsIsCancelledToo()
    {
        using var database = await OpenAsync(Records(1));
        using var session = database.Connect();
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var running = Task.Run(
            () => session.Run(Long, null, cancelling.Token).Read().ToList(),
            Cancel);
        await cancelling.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task NothingIsWrittenToDiskInsteadOfMemory()
    {
        using var database = await OpenAsync(Records(1), new(64 << 20));
        using var session = database.Connect();

        var e = Assert.Throws<TrailException>(
            () => session.Run(Large, null, Cancel).Read().ToList());

        Assert.Equal(ExitCode.BadUsage, e.ExitCode);
        Assert.StartsWith("Out of Memory Error: ", e.Message, StringComparison.Ordinal);
        Assert.EndsWith("; give a shorter time with --since and --until, or more memory with --memory", e.Message, StringComparison.Ordinal);
    }

    static IEnumerable<string> Records(int count) => Enumerable.Range(0, count).Select(at =>
        $$$"""{"eventID":"{{{at}}}","eventTime":"2026-03-01T00:{{{at / 60 % 60:D2}}}:{{{at % 60:D2}}}Z","userIdentity":{"userName":"user-{{{at % 3}}}"}}""");

    async Task<EventDatabase> OpenAsync(IEnumerable<string> records, DatabaseOptions? options = null)
    {
        var sequence = 0;
        foreach (var lines in records.Chunk(700))
        {
            using var compressor = new ZstdSharp.Compressor();
            var body = compressor.Wrap(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => $"{line}\n")))).ToArray();
            var name = new BatchName
            {
                Cluster = "prod",
                Trail = "main",
                FirstEvent = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero),
                Node = "cp-1",
                Source = "apiserver",
                Sequence = ++sequence,
                Hash = "0123456789abcdef",
                Codec = Codec.Zstd,
                Encrypted = false,
            };
            var path = Path.Combine(folder.FullName, name.ToString());
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllBytesAsync(path, body, Cancel);
        }

        var source = new ArchiveSource(new LocalFolder(folder.FullName), new(new(null)), ObjectScope.All, new Silent());
        return await EventDatabase.OpenAsync(source, TimeRange.All, options ?? DatabaseOptions.Default, Cancel);
    }

    sealed class Silent : ISearchObserver
    {
        public void Found(long objects)
        {
        }

        public void Done()
        {
        }

        public void Report(TrailException problem) => Assert.Fail(problem.Message);
    }
}
