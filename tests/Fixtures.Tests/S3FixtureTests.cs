using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using ClusterTrail.Testing;

namespace ClusterTrail.Fixtures.Tests;

[Collection(S3Fixture.Collection)]
[Requires(Requires.S3)]
public sealed class S3FixtureTests(S3Fixture s3)
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ARetainedVersionCannotBeDeleted()
    {
        var server = await s3.StartedAsync();
        var bucket = await server.CreateBucketAsync(objectLock: true);
        var stored = await server.Client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = bucket,
                Key = "locked",
                ContentBody = "locked",
                ObjectLockMode = ObjectLockMode.Compliance,
                ObjectLockRetainUntilDate = DateTime.UtcNow.AddHours(1),
            },
            Cancellation);

        var refused = await Assert.ThrowsAsync<AmazonS3Exception>(() =>
            server.Client.DeleteObjectAsync(bucket, "locked", stored.VersionId, Cancellation));

        Assert.Equal("AccessDenied", refused.ErrorCode);
        await HasAsync(server, bucket, "locked");
    }

    [Fact]
    public async Task WithoutTheLockAnObjectCanBeDeleted()
    {
        var server = await s3.StartedAsync();
        var bucket = await server.CreateBucketAsync();
        await PutAsync(server.Client, bucket, "loose");

        await server.Client.DeleteObjectAsync(bucket, "loose", Cancellation);

        await Assert.ThrowsAsync<NoSuchKeyException>(() => server.ReadAsync(bucket, "loose"));
    }

    [Fact]
    public async Task AFrozenServerLetsAPutWaitAndIsWellOnceThawed()
    {
        var server = await s3.StartedAsync();
        var bucket = await server.CreateBucketAsync();
        using var impatient = server.ImpatientClient(TimeSpan.FromSeconds(1));

        server.Freeze();
        try
        {
            await Assert.ThrowsAsync<TimeoutException>(() => PutAsync(impatient, bucket, "late"));
        }
        finally
        {
            server.Thaw();
        }

        await PutAsync(server.Client, bucket, "after");
        await HasAsync(server, bucket, "after");
    }

    [Fact]
    public async Task AKilledServerRefusesAndHasEverythingAfterARestart()
    {
        var server = await s3.StartedAsync();
        var bucket = await server.CreateBucketAsync();
        await PutAsync(server.Client, bucket, "before");
        using var impatient = server.ImpatientClient(TimeSpan.FromSeconds(5));

        server.Kill();
        try
        {
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => PutAsync(impatient, bucket, "meanwhile"));
        }
        finally
        {
            await server.RestartAsync(CancellationToken.None);
        }

        await HasAsync(server, bucket, "before");
    }

    [Fact]
    public async Task AFullServerRefusesWritesAndReadsOnUntilThereIsRoom()
    {
        var server = await s3.StartedAsync();
        var bucket = await server.CreateBucketAsync();
        await PutAsync(server.Client, bucket, "before");

        await server.FillUpAsync(Cancellation);
        try
        {
            var refused = await Assert.ThrowsAsync<AmazonS3Exception>(() => PutAsync(server.Client, bucket, "full"));

            Assert.Equal(("QuotaExceeded", 403), (refused.ErrorCode, (int)refused.StatusCode));
            await HasAsync(server, bucket, "before");
        }
        finally
        {
            await server.MakeRoomAsync(CancellationToken.None);
        }

        await PutAsync(server.Client, bucket, "after");
        await HasAsync(server, bucket, "after");
    }

    // Every object here holds its own key.
    static async Task HasAsync(S3Server server, string bucket, string key) =>
        Assert.Equal(key, Encoding.UTF8.GetString(await server.ReadAsync(bucket, key)));

    static Task<PutObjectResponse> PutAsync(IAmazonS3 client, string bucket, string key) =>
        client.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = key, ContentBody = key }, Cancellation);
}
