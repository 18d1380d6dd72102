using ClusterTrail.Agent.Sinks;
using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sinks.S3;

public sealed class S3AdviceTests : IDisposable
{
    readonly CredentialFiles credentials = new("id", "secret");
    readonly SealedObject batch = SealedObjects.Holding("sealed");

    public void Dispose() => credentials.Dispose();

    [Theory]
    [InlineData(400, "KMS.NotFoundException", "Batch", "correct the KMS key key-1 (sink.s3.encryption.kmsKeyId)")]
    [InlineData(400, "KMS.DisabledException", "Batch", "Enable the KMS key key-1 (sink.s3.encryption.kmsKeyId)")]
    [InlineData(400, "KMS.KMSInvalidStateException", "Batch", "disabled, or about to be deleted")]
    [InlineData(400, "KMS.ThrottlingException", "Sink", "key-1")]
    [InlineData(403, "InvalidAccessKeyId", "Sink", "sink.s3.encryption.kmsKeyId")]
    [InlineData(400, "EntityTooLarge", "Batch", "lower batch.maxBytes")]
    [InlineData(400, "KeyTooLongError", "Batch", "shorten sink.s3.prefix")]
    [InlineData(400, "InvalidArgument", "Batch", "retries")]
    [InlineData(400, "ExpiredToken", "Sink", "renew the credentials")]
    [InlineData(400, "RequestTimeout", "Sink", "retries")]
    [InlineData(403, "AccessDenied", "Unclear", "s3:PutObject")]
    [InlineData(403, "QuotaExceeded", "Unclear", "quota")]
    [InlineData(503, "SlowDown", "Sink", "retries")]
    public async Task ARefusalSaysWhatItIsAboutAndWhatToDo(int status, string code, string scope, string advice)
    {
        await using var store = await FakeStore.StartAsync(status, code);

        var failure = await RefusalAsync(store);

        Assert.Equal((code, scope), (failure.Code, $"{failure.Scope}"));
        Assert.Contains($"answered {code} (As the test says)", failure.Message, StringComparison.Ordinal);
        Assert.Contains(advice, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AccessDeniedToTheKeyIsNotToldOfTheBucket()
    {
        await using var store = await FakeStore.StartAsync(context =>
        {
            context.Response.StatusCode = 403;
            return Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(
                context.Response,
                "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>User: x is not authorized to perform: "
                    + "kms:GenerateDataKey on resource: key-1</Message></Error>");
        });

        var failure = await RefusalAsync(store);

        Assert.Contains("Grant the credentials kms:GenerateDataKey on the KMS key key-1", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3:PutObject", failure.Message, StringComparison.Ordinal);
    }

    // As nginx and others before a store answer: HTML, and no code.
    [Theory]
    [InlineData(413, "RequestEntityTooLarge", "413 Request Entity Too Large", "Batch", "lower batch.maxBytes")]
    [InlineData(400, "BadRequest", "400 Bad Request", "Batch", "retries")]
    [InlineData(403, "Forbidden", "403 Forbidden", "Unclear", "retries")]
    [InlineData(502, "BadGateway", "502 Bad Gateway", "Sink", "the proxy in front of the store")]
    [InlineData(504, "GatewayTimeout", "504 Gateway Timeout", "Sink", "the proxy in front of the store")]
    [InlineData(520, "Http520", "status 520", "Sink", "retries")]
    public async Task AnAnswerWithoutACodeIsToldByItsStatusInWords(int status, string code, string words, string scope, string advice)
    {
        await using var store = await FakeStore.StartAsync(context =>
        {
            (context.Response.StatusCode, context.Response.ContentType) = (status, "text/html");
            return Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, "<html><body>No.</body></html>");
        });

        var failure = await RefusalAsync(store);

        Assert.Equal((code, scope), (failure.Code, $"{failure.Scope}"));
        Assert.Contains($"answered {words}", failure.Message, StringComparison.Ordinal);
        Assert.Contains(advice, failure.Message, StringComparison.Ordinal);
    }

    Task<SinkException> RefusalAsync(FakeStore store) => Assert.ThrowsAsync<SinkException>(() => TestBucket.Sink(new()
    {
        Bucket = "trail",
        Endpoint = store.Endpoint,
        PathStyle = true,
        Credentials = new() { Type = S3CredentialsType.Static, Static = credentials.Paths },
        Encryption = new() { Type = S3EncryptionType.SseKms, KmsKeyId = "key-1" },
    }).PutAsync(batch, CancellationToken.None));
}
