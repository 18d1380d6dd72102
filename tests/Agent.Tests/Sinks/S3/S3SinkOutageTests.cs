using ClusterTrail.Agent.Sinks;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sinks.S3;

[Collection(S3Fixture.Collection)]
[Requires(Requires.S3)]
public sealed class S3SinkOutageTests(S3Fixture s3)
{
    readonly SealedObject batch = SealedObjects.Holding("sealed");

    [Fact]
    public async Task AFrozenStoreIsATimeoutUntilItAnswersAgain()
    {
        using var bucket = await TestBucket.CreateAsync(s3);
        var sink = TestBucket.Sink(bucket.Configuration with { TimeoutSeconds = 1 });

        bucket.Server.Freeze();
        var failure = await Assert.ThrowsAsync<SinkException>(() => sink.PutAsync(batch, CancellationToken.None));
        bucket.Server.Thaw();
        await bucket.Sink().PutAsync(batch, CancellationToken.None);

        Assert.Equal("Timeout", failure.Code);
        Assert.Equal(batch.Content.ToArray(), await bucket.ReadAsync(batch.Name));
    }

    [Fact]
    public async Task AKilledStoreIsUnreachableUntilItIsBack()
    {
        using var bucket = await TestBucket.CreateAsync(s3);
        var sink = bucket.Sink();
        await sink.PutAsync(SealedObjects.Holding("before"), CancellationToken.None);

        bucket.Server.Kill();
        var failure = await Assert.ThrowsAsync<SinkException>(() => sink.PutAsync(batch, CancellationToken.None));
        await bucket.Server.RestartAsync(CancellationToken.None);
        await sink.PutAsync(batch, CancellationToken.None);

        Assert.Equal("Unreachable", failure.Code);
        Assert.Equal(2, (await bucket.KeysAsync()).Length);
    }

    [Theory]
    [InlineData(Fault.SlowDown, "SlowDown", false)]
    [InlineData(Fault.CutBeforeBody, "Unreachable", false)]
    [InlineData(Fault.CutBeforeAnswer, "Unreachable", true)]
    [InlineData(Fault.Delay, "Timeout", false)]
    public async Task AfterAFaultTheNextPutLeavesOneObject(Fault fault, string code, bool storedByThen)
    {
        using var bucket = await TestBucket.CreateAsync(s3);
        await using var proxy = new FaultyProxy(bucket.Server.Endpoint, [fault], delay: TimeSpan.FromSeconds(30));
        var sink = TestBucket.Sink(bucket.Configuration with { Endpoint = proxy.Endpoint.ToString(), TimeoutSeconds = 2 });

        var failure = await Assert.ThrowsAsync<SinkException>(() => sink.PutAsync(batch, CancellationToken.None));
        var storedInBetween = await bucket.KeysAsync();
        await sink.PutAsync(batch, CancellationToken.None);

        Assert.Equal(code, failure.Code);
        Assert.Equal(storedByThen ? 1 : 0, storedInBetween.Length);
        Assert.Equal(2, proxy.Requests);
        Assert.Equal(batch.Name, Assert.Single(await bucket.KeysAsync()));
        Assert.Equal(batch.Content.ToArray(), await bucket.ReadAsync(batch.Name));
    }

    [Fact]
    public async Task WhoeverCancelsGetsACancellationAndNoFailure()
    {
        using var bucket = await TestBucket.CreateAsync(s3);
        await using var proxy = new FaultyProxy(bucket.Server.Endpoint, [Fault.Delay], delay: TimeSpan.FromSeconds(30));
        var sink = TestBucket.Sink(bucket.Configuration with { Endpoint = proxy.Endpoint.ToString() });
        using var stopping = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        var put = sink.PutAsync(batch, stopping.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => put);
    }
}
