using ClusterTrail.Agent.Sinks;
using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sinks.S3;

public sealed class S3SinkConditionTests : IDisposable
{
    readonly CredentialFiles credentials = new("id", "secret");
    readonly SealedObject batch = SealedObjects.Holding("sealed");

    public void Dispose() => credentials.Dispose();

    [Fact]
    public async Task AFailedConditionMeansThatItIsStored()
    {
        await using var store = await FakeStore.StartAsync(412, "PreconditionFailed");

        await Sink(store).PutAsync(batch, CancellationToken.None);

        Assert.Equal("*", Assert.Single(store.Requests).IfNoneMatch);
    }

    [Fact]
    public async Task AStoreWithoutConditionsIsAskedWithoutFromThenOn()
    {
        await using var store = await FakeStore.StartAsync(501, "NotImplemented", statusWithoutCondition: 200);
        var sink = Sink(store);

        await sink.PutAsync(batch, CancellationToken.None);
        await sink.PutAsync(batch, CancellationToken.None);

        Assert.Equal(["*", "", ""], store.Requests.Select(request => request.IfNoneMatch.ToString()));
    }

    [Fact]
    public async Task AStoreThatImplementsNothingIsAFailure()
    {
        await using var store = await FakeStore.StartAsync(501, "NotImplemented");

        var failure = await Assert.ThrowsAsync<SinkException>(() => Sink(store).PutAsync(batch, CancellationToken.None));

        Assert.Equal("NotImplemented", failure.Code);
    }

    [Theory]
    [InlineData(409, "ConditionalRequestConflict", "ConditionalRequestConflict")]
    [InlineData(503, "ServiceUnavailable", "ServiceUnavailable")]
    [InlineData(500, "<b>Not a code", "InternalServerError")]
    [InlineData(400, "a code with spaces, from who knows where", "BadRequest")]
    public async Task AnyOtherAnswerIsAFailureWithTheStoresCode(int status, string said, string code)
    {
        await using var store = await FakeStore.StartAsync(status, said);

        var failure = await Assert.ThrowsAsync<SinkException>(() => Sink(store).PutAsync(batch, CancellationToken.None));

        Assert.Equal(code, failure.Code);
        Assert.Single(store.Requests);
    }

    [Fact]
    public async Task EverySettingIsAHeader()
    {
        await using var store = await FakeStore.StartAsync(200, "");
        var sink = Sink(Configuration(store) with
        {
            StorageClass = "STANDARD_IA",
            Checksums = S3Checksums.WhenSupported,
            Encryption = new() { Type = S3EncryptionType.SseKms, KmsKeyId = "key-1", BucketKey = true },
            ObjectLock = new() { Mode = ObjectLockMode.Governance, RetentionDays = 1 },
        });

        await sink.PutAsync(batch, CancellationToken.None);

        var sent = Assert.Single(store.Requests);
        Assert.Equal("STANDARD_IA", sent["x-amz-storage-class"]);
        Assert.Equal(Convert.ToBase64String(batch.Sha256.Span), sent["x-amz-checksum-sha256"]);
        Assert.Equal("aws:kms", sent["x-amz-server-side-encryption"]);
        Assert.Equal("key-1", sent["x-amz-server-side-encryption-aws-kms-key-id"]);
        Assert.Equal("true", sent["x-amz-server-side-encryption-bucket-key-enabled"]);
        Assert.Equal("GOVERNANCE", sent["x-amz-object-lock-mode"]);
        Assert.NotEmpty(sent["x-amz-object-lock-retain-until-date"].ToString());
        Assert.Empty(sent.ContentMD5.ToString());
    }

    [Fact]
    public async Task WithoutSettingsOnlyWhatEveryStoreKnowsIsSent()
    {
        await using var store = await FakeStore.StartAsync(200, "");

        await Sink(store).PutAsync(batch, CancellationToken.None);

        var sent = Assert.Single(store.Requests);
        Assert.NotEmpty(sent.ContentMD5.ToString());
        Assert.Equal(
            ["x-amz-content-sha256", "x-amz-date", "x-amz-meta-sha256"],
            sent.Keys.Select(key => key.ToLowerInvariant()).Where(key => key.StartsWith("x-amz-", StringComparison.Ordinal)).Order());
    }

    ISink Sink(FakeStore store) => Sink(Configuration(store));

    static ISink Sink(S3SinkConfiguration configuration) => TestBucket.Sink(configuration);

    S3SinkConfiguration Configuration(FakeStore store) => new()
    {
        Bucket = "trail",
        Endpoint = store.Endpoint,
        PathStyle = true,
        Credentials = new() { Type = S3CredentialsType.Static, Static = credentials.Paths },
    };
}
