using Amazon.S3;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Archive;
using ClusterTrail.Contract;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sinks.S3;

[Collection(S3Fixture.Collection)]
[Requires(Requires.S3)]
public sealed class S3SinkTests(S3Fixture s3)
{
    readonly SealedObject batch = SealedObjects.Holding("sealed");

    [Fact]
    public async Task PutStoresTheBytesUnderTheName()
    {
        using var bucket = await TestBucket.CreateAsync(s3);

        await bucket.Sink().PutAsync(batch, CancellationToken.None);

        Assert.Equal(batch.Content.ToArray(), await bucket.ReadAsync(batch.Name));
    }

    [Fact]
    public async Task PutBelowAPrefix()
    {
        using var bucket = await TestBucket.CreateAsync(s3);
        var sink = TestBucket.Sink(bucket.Configuration with { Prefix = "clusters/audit" });

        await sink.PutAsync(batch, CancellationToken.None);

        Assert.Equal($"clusters/audit/{batch.Name}", Assert.Single(await bucket.KeysAsync()));
        Assert.Equal($"s3://{bucket.Name}/clusters/audit", sink.Description);
    }

    [Theory]
    [InlineData(Codec.Zstd, false, "application/zstd")]
    [InlineData(Codec.Gzip, false, "application/gzip")]
    [InlineData(Codec.Zstd, true, "application/pkcs7-mime")]
    [InlineData(Codec.Gzip, true, "application/pkcs7-mime")]
    public async Task AnObjectSaysWhatItIsAndItsHash(Codec codec, bool encrypted, string contentType)
    {
        using var bucket = await TestBucket.CreateAsync(s3);
        var sent = SealedObjects.Holding("sealed", encrypted, codec);

        await bucket.Sink().PutAsync(sent, CancellationToken.None);

        var stored = await bucket.Server.Client.GetObjectMetadataAsync(bucket.Name, sent.Name);
        Assert.Equal(contentType, stored.Headers.ContentType);
        Assert.Equal(Convert.ToHexStringLower(sent.Sha256.Span), stored.Metadata["sha256"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9_000_000)]
    public async Task AnObjectOfAnySizeIsStoredInOneRequest(int size)
    {
        using var bucket = await TestBucket.CreateAsync(s3);
        var sent = SealedObjects.Holding(new byte[size]);

        await bucket.Sink().PutAsync(sent, CancellationToken.None);

        Assert.Equal(sent.Content.ToArray(), await bucket.ReadAsync(sent.Name));
    }

    [Fact]
    public async Task ChecksumsThatAwsKnowsDoNoHarmElsewhere()
    {
        using var bucket = await TestBucket.CreateAsync(s3);
        var sink = TestBucket.Sink(bucket.Configuration with { Checksums = S3Checksums.WhenSupported });

        await sink.PutAsync(batch, CancellationToken.None);

        Assert.Equal(batch.Content.ToArray(), await bucket.ReadAsync(batch.Name));
    }

    [Fact]
    public async Task PutNeedsOnlyThePermissionToPut()
    {
        using var bucket = await TestBucket.CreateAsync(s3);
        await bucket.Server.Client.PutBucketPolicyAsync(bucket.Name, $$"""
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["{{S3Server.WriterArn}}"]},
             "Action":["s3:PutObject"],"Resource":["arn:aws:s3:::{{bucket.Name}}/audit/*"]}]}
            """);
        bucket.Credentials.Replace(S3Server.WriterAccessKeyId, S3Server.WriterSecretAccessKey);
        var sink = TestBucket.Sink(bucket.Configuration with { Prefix = "audit" });

        await sink.PutAsync(batch, CancellationToken.None);
        await sink.PutAsync(batch, CancellationToken.None);
        var elsewhere = await Assert.ThrowsAsync<SinkException>(() => bucket.Sink().PutAsync(batch, CancellationToken.None));

        Assert.Equal($"audit/{batch.Name}", Assert.Single(await bucket.KeysAsync()));
        Assert.Equal("AccessDenied", elsewhere.Code);
        Assert.Contains("s3:PutObject", elsewhere.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ComplianceRefusesToDeleteTheVersion()
    {
        using var bucket = await TestBucket.CreateAsync(s3, objectLock: true);
        var sink = TestBucket.Sink(bucket.Configuration with
        {
            ObjectLock = new() { Mode = Contract.ObjectLockMode.Compliance, RetentionDays = 30 },
        });

        await sink.PutAsync(batch, CancellationToken.None);

        var stored = await bucket.Server.Client.GetObjectMetadataAsync(bucket.Name, batch.Name);
        var refusal = await Assert.ThrowsAsync<AmazonS3Exception>(
            () => bucket.Server.Client.DeleteObjectAsync(bucket.Name, batch.Name, stored.VersionId));
        Assert.Equal("AccessDenied", refusal.ErrorCode);
        var kept = stored.ObjectLockRetainUntilDate!.Value.ToUniversalTime() - DateTime.UtcNow;
        Assert.InRange(kept, TimeSpan.FromDays(29.9), TimeSpan.FromDays(30));
    }

    // A digest that could be deleted would prove nothing of batches that cannot.
    [Theory]
    [InlineData("digests/cluster=c/trail=t/date=2026-03-01/node=n/120000000-agent-00000001-0011223344556677.json")]
    [InlineData("keys/cluster=c/trail=t/node=n/20260301T120000000Z-agent-0011223344556677-0011223344556677.json")]
    public async Task DigestsAndKeyRecordsAreLockedAsBatchesAre(string name)
    {
        using var bucket = await TestBucket.CreateAsync(s3, objectLock: true);
        var sink = TestBucket.Sink(bucket.Configuration with
        {
            ObjectLock = new() { Mode = Contract.ObjectLockMode.Compliance, RetentionDays = 30 },
        });

        await sink.PutAsync(batch with { Name = name }, CancellationToken.None);

        var stored = await bucket.Server.Client.GetObjectMetadataAsync(bucket.Name, name);
        Assert.Equal(Amazon.S3.ObjectLockMode.Compliance, stored.ObjectLockMode);
        Assert.InRange(
            stored.ObjectLockRetainUntilDate!.Value.ToUniversalTime() - DateTime.UtcNow, TimeSpan.FromDays(29.9), TimeSpan.FromDays(30));
        var refusal = await Assert.ThrowsAsync<AmazonS3Exception>(
            () => bucket.Server.Client.DeleteObjectAsync(bucket.Name, name, stored.VersionId));
        Assert.Equal("AccessDenied", refusal.ErrorCode);
    }

    [Fact]
    public async Task ObjectLockOnABucketWithoutItSaysSo()
    {
        using var bucket = await TestBucket.CreateAsync(s3);
        var sink = TestBucket.Sink(bucket.Configuration with
        {
            ObjectLock = new() { Mode = Contract.ObjectLockMode.Governance, RetentionDays = 1 },
        });

        var failure = await Assert.ThrowsAsync<SinkException>(() => sink.PutAsync(batch, CancellationToken.None));

        Assert.Equal("InvalidRequest", failure.Code);
        Assert.Contains("Object Lock", failure.Message, StringComparison.Ordinal);
    }

    // With WhenSupported only a digest confirms: Ceph's ETag is the MD5 under a KMS key too.
    [Theory]
    [InlineData(S3Checksums.WhenRequired)]
    [InlineData(S3Checksums.WhenSupported)]
    public async Task SseKmsEncryptsWithTheKey(S3Checksums checksums)
    {
        using var bucket = await TestBucket.CreateAsync(s3);
        var sink = TestBucket.Sink(bucket.Configuration with
        {
            Encryption = new() { Type = S3EncryptionType.SseKms, KmsKeyId = S3Server.KmsKeyId },
            Checksums = checksums,
        });

        await sink.PutAsync(batch, CancellationToken.None);

        var stored = await bucket.Server.Client.GetObjectMetadataAsync(bucket.Name, batch.Name);
        Assert.Equal(ServerSideEncryptionMethod.AWSKMS, stored.ServerSideEncryptionMethod);
        Assert.Equal(S3Server.KmsKeyId, stored.ServerSideEncryptionKeyManagementServiceKeyId);
        Assert.Equal(batch.Content.ToArray(), await bucket.ReadAsync(batch.Name));
    }

    // Ceph answers as if the access key were unknown.
    [Fact]
    public async Task AnUnknownKmsKeyIsNamedByItsField()
    {
        using var bucket = await TestBucket.CreateAsync(s3);
        var sink = TestBucket.Sink(bucket.Configuration with
        {
            Encryption = new() { Type = S3EncryptionType.SseKms, KmsKeyId = "nobody-made-this" },
        });

        var failure = await Assert.ThrowsAsync<SinkException>(() => sink.PutAsync(batch, CancellationToken.None));

        Assert.Contains("the KMS key nobody-made-this", failure.Message, StringComparison.Ordinal);
        Assert.Contains("sink.s3.encryption.kmsKeyId", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AKeyThatIsTooLongIsAboutTheBatch()
    {
        using var bucket = await TestBucket.CreateAsync(s3);
        var sink = TestBucket.Sink(bucket.Configuration with { Prefix = new string('p', 1100) });

        var failure = await Assert.ThrowsAsync<SinkException>(() => sink.PutAsync(batch, CancellationToken.None));

        Assert.Equal(FailureScope.Batch, failure.Scope);
    }

    [Fact]
    public async Task AMissingBucketIsNamed()
    {
        using var bucket = await TestBucket.CreateAsync(s3);
        var sink = TestBucket.Sink(bucket.Configuration with { Bucket = "nobody-made-this" });

        var failure = await Assert.ThrowsAsync<SinkException>(() => sink.PutAsync(batch, CancellationToken.None));

        Assert.Equal("NoSuchBucket", failure.Code);
        Assert.Contains("nobody-made-this", failure.Message, StringComparison.Ordinal);
    }
}
