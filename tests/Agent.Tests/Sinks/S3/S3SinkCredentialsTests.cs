using ClusterTrail.Agent.Sinks;
using ClusterTrail.Fixtures;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sinks.S3;

[Collection(S3Fixture.Collection)]
[Requires(Requires.S3)]
public sealed class S3SinkCredentialsTests(S3Fixture s3)
{
    readonly SealedObject batch = SealedObjects.Holding("sealed");

    [Theory]
    [InlineData("nobody", S3Server.SecretAccessKey, "InvalidAccessKeyId")]
    [InlineData(S3Server.AccessKeyId, "not-the-secret", "SignatureDoesNotMatch")]
    public async Task ARefusedAccessKeyIsReplacedAtOnceWhenTheFilesChange(string id, string secret, string code)
    {
        using var bucket = await TestBucket.CreateAsync(s3);
        bucket.Credentials.Replace(id, secret);
        var sink = bucket.Sink();

        var failure = await Assert.ThrowsAsync<SinkException>(() => sink.PutAsync(batch, CancellationToken.None));
        bucket.Credentials.Replace(S3Server.AccessKeyId, S3Server.SecretAccessKey);
        await sink.PutAsync(batch, CancellationToken.None);

        Assert.Equal(code, failure.Code);
        Assert.DoesNotContain(secret, failure.ToString(), StringComparison.Ordinal);
        Assert.Equal(batch.Name, Assert.Single(await bucket.KeysAsync()));
    }

    [Fact]
    public async Task AMissingCredentialFileIsNamed()
    {
        using var bucket = await TestBucket.CreateAsync(s3);
        var configuration = bucket.Configuration;
        var path = configuration.Credentials.Static!.SecretAccessKeyPath;
        File.Delete(path);

        var failure = await Assert.ThrowsAsync<SinkException>(() => TestBucket.Sink(configuration).PutAsync(batch, CancellationToken.None));

        Assert.Equal("NoCredentials", failure.Code);
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
    }
}
