using ClusterTrail.Agent.Sinks;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sinks;

/// <summary>What every sink keeps to.</summary>
[Collection(S3Fixture.Collection)]
[Requires(Requires.S3)]
public sealed class SinkContractTests(S3Fixture s3)
{
    readonly SealedObject batch = SealedObjects.Holding("sealed");

    [Theory]
    [InlineData("Directory")]
    [InlineData("S3")]
    [InlineData("memory")]
    public async Task WhatWasPutIsThere(string kind)
    {
        using var archive = await TestArchive.CreateAsync(kind, s3);

        await archive.Sink.PutAsync(batch, CancellationToken.None);

        Assert.Equal(batch.Content.ToArray(), await archive.ReadAsync(batch.Name));
    }

    [Theory]
    [InlineData("Directory")]
    [InlineData("S3")]
    [InlineData("memory")]
    public async Task TwicePutIsOneObject(string kind)
    {
        using var archive = await TestArchive.CreateAsync(kind, s3);

        await archive.Sink.PutAsync(batch, CancellationToken.None);
        await archive.Sink.PutAsync(batch, CancellationToken.None);

        Assert.Equal(batch.Name, Assert.Single(await archive.NamesAsync()));
    }

    [Theory]
    [InlineData("Directory")]
    [InlineData("S3")]
    [InlineData("memory")]
    public async Task ManyAtOnceAreAllThere(string kind)
    {
        using var archive = await TestArchive.CreateAsync(kind, s3);
        var batches = Enumerable.Range(0, 20).Select(number => SealedObjects.Holding($"sealed {number}")).ToArray();

        await Task.WhenAll(batches.Select(each => archive.Sink.PutAsync(each, CancellationToken.None)));

        Assert.Equal(batches.Select(each => each.Name).Order(), (await archive.NamesAsync()).Order());
    }

    [Theory]
    [InlineData("Directory")]
    [InlineData("S3")]
    [InlineData("memory")]
    public async Task ACancelledPutIsACancellation(string kind)
    {
        using var archive = await TestArchive.CreateAsync(kind, s3);
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => archive.Sink.PutAsync(batch, cancelled));
        Assert.Empty(await archive.NamesAsync());
    }
}
