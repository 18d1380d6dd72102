using ClusterTrail.Fixtures;
using ClusterTrail.History.Reading;
using ClusterTrail.Lake.Export;

namespace ClusterTrail.Kubectl.Tests.Export;

/// <summary>An export in a real bucket.</summary>
[Collection(S3Fixture.Collection)]
public sealed class S3TargetTests(S3Fixture s3)
{
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
        Assert.Equal([7], (await target.ReadAsync("a/1", Cancel))!);
        var e = await Assert.ThrowsAsync<TrailException>(() => target.PutAsync("a/1", new([9]), isNew: true, Cancel));
        Assert.StartsWith($"s3://{bucket}/lake/a/1 cannot be written: ", e.Message, StringComparison.Ordinal);
        Assert.Equal([7], (await target.ReadAsync("a/1", Cancel))!);
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
}
