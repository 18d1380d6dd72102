using ClusterTrail.Fixtures;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Kubectl.Tests.Query;
using ClusterTrail.Lake.Export;
using ClusterTrail.Lake.Query;
using ClusterTrail.Testing;

namespace ClusterTrail.Kubectl.Tests.Export;

/// <summary>An export in a real bucket.</summary>
[Collection(S3Fixture.Collection)]
public sealed class S3TargetTests(S3Fixture s3)
{
    static readonly ExportSettings Settings = new(ExportSettings.CurrentVersion, ExportSchema.Clustertrail, ExportFormat.Parquet);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Requires(Requires.S3)]
    public async Task WhatIsPutIsThereOnceAndCanBeDeleted()
    {
        var server = await s3.StartedAsync();
        var bucket = await server.CreateBucketAsync();
        using var target = new S3Target(server.ImpatientClient(TimeSpan.FromSeconds(30)), bucket, "lake");

        Assert.Null(await target.ReadAsync("a/1", Cancel));
        for (var at = 0; at < 3; at++)
            await target.PutAsync($"a/{at}", new([(byte)at]), isNew: true, Cancel);
        await target.PutAsync("a/1", new([7]), isNew: false, Cancel);
        await target.PutAsync("b/1", new([8]), isNew: false, Cancel);
        await target.DeleteAsync("a/2", Cancel);

        Assert.Equal(["a/0", "a/1"], await target.ListAsync("a/", Cancel));
        Assert.Equal((true, false), (await target.HasAsync("a/", Cancel), await target.HasAsync("events/", Cancel)));
        Assert.Equal([7], (await target.ReadAsync("a/1", Cancel))!);
        var e = await Assert.ThrowsAsync<TrailException>(() => target.PutAsync("a/1", new([9]), isNew: true, Cancel));
        Assert.StartsWith($"s3://{bucket}/lake/a/1 cannot be written: ", e.Message, StringComparison.Ordinal);
        Assert.Equal([7], (await target.ReadAsync("a/1", Cancel))!);
    }

    [Fact]
    [Requires(Requires.S3)]
    public async Task AnExportInABucketIsAnExportInAFolder()
    {
        var server = await s3.StartedAsync();
        var bucket = await server.CreateBucketAsync();
        using var archive = new QuestionArchive();
        using var folder = new TemporaryFolder();
        for (var run = 0; run < 2; run++)
            Assert.Equal(run == 0 ? 5 : 0, (await ExportAsync(server, bucket, archive)).Objects);
        using var target = new S3Target(server.ImpatientClient(TimeSpan.FromSeconds(30)), bucket, "lake");
        foreach (var name in await target.ListAsync("", Cancel))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.Join(name))!);
            await File.WriteAllBytesAsync(folder.Join(name), (await target.ReadAsync(name, Cancel))!, Cancel);
        }

        using var ofBucket = await ExportedEvents.OpenAsync(target, ObjectScope.All, TimeRange.All, DatabaseOptions.Default, Cancel);
        using var session = ofBucket.Connect();
        foreach (var question in Question.All)
        {
            Assert.Equal(question.Answer, (await CommandLine.RunAsync("query", folder.Path, question.Sql, "-o", "json")).Output);
            using var result = session.Run(question.Sql, null, Cancel);
            Assert.Equal(question.Answer.Count(character => character == '\n'), result.Read().Count());
        }
    }

    [Theory]
    [Requires(Requires.S3)]
    [InlineData("events/a/b", "events/")]
    [InlineData("digests/a", "digests/")]
    [InlineData("node=cp-1/a.ndjson.zst.cms", "node=cp-1/a.ndjson.zst.cms")]
    [InlineData("cluster=a/notes.txt", null)]
    [InlineData("cluster=a/trail=b/date=2026-03-01/part-00000001-0123456789abcdef.ndjson.zst", null)]
    [InlineData("other/cluster=a/trail=b/date=2026-03-01/part-00000001-0123456789abcdef.ndjson.zst", null)]
    public async Task WhatOnlyArchivesHaveIsFoundInABucketToo(string name, string? trace)
    {
        var server = await s3.StartedAsync();
        var bucket = await server.CreateBucketAsync();
        using var target = new S3Target(server.ImpatientClient(TimeSpan.FromSeconds(30)), bucket, "lake");
        await target.PutAsync(ExportSettings.Name, new([1]), isNew: true, Cancel);
        await target.PutAsync(name, new([1]), isNew: true, Cancel);

        Assert.Equal(trace, await ArchiveTraces.FindAsync(target, Cancel));
    }

    [Fact]
    [Requires(Requires.S3)]
    public async Task OfTwoExportsThatRunAtOnceOneEnds()
    {
        var server = await s3.StartedAsync();
        var bucket = await server.CreateBucketAsync();
        using var target = new S3Target(server.ImpatientClient(TimeSpan.FromSeconds(30)), bucket, "lake");
        var (one, other) = (await ExportState.OpenAsync(target, Settings, Cancel), await ExportState.OpenAsync(target, Settings, Cancel));

        await one.CommitAsync(target, new(["a"], []), Cancel);

        await Assert.ThrowsAsync<TrailException>(() => other.CommitAsync(target, new(["a"], []), Cancel));
    }

    static async Task<ExportResult> ExportAsync(S3Server server, string bucket, QuestionArchive archive)
    {
        using var opener = Opener.FromKeyFile(archive.KeyPath);
        using var target = new S3Target(server.ImpatientClient(TimeSpan.FromSeconds(30)), bucket, "lake");
        var source = new ArchiveSource(new LocalFolder(archive.Path), new(opener), ObjectScope.All, new Silent());
        return await new ArchiveExport(source, target, Settings, DatabaseOptions.Default).RunAsync(TimeRange.All, Cancel);
    }

    [Fact]
    [Requires(Requires.S3)]
    public async Task ABucketThatIsNotThereIsASentence()
    {
        var server = await s3.StartedAsync();
        using var target = new S3Target(server.ImpatientClient(TimeSpan.FromSeconds(30)), "nothing", "");

        var e = await Assert.ThrowsAsync<TrailException>(() => target.ReadAsync("a", Cancel));

        Assert.StartsWith("s3://nothing/a cannot be read: NoSuchBucket", e.Message, StringComparison.Ordinal);
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
