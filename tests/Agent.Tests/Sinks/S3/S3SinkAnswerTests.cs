using System.Text;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Contract;
using ClusterTrail.Testing;
using static ClusterTrail.Agent.Tests.Sinks.S3.S3Answers;

namespace ClusterTrail.Agent.Tests.Sinks.S3;

/// <summary>What counts as delivered, whoever answers in the store's place.</summary>
public sealed class S3SinkAnswerTests : IDisposable
{
    const long EnoughForBuffers = 16 << 20;

    readonly CredentialFiles credentials = new("id", "secret");

    public void Dispose() => credentials.Dispose();

    [Theory]
    [MemberData(nameof(S3Answers.Unconfirmed), MemberType = typeof(S3Answers))]
    public async Task AnAnswerThatProvesNothingIsNoDelivery(string answer, string said)
    {
        await using var store = new RawStore(() => [Encoding.Latin1.GetBytes(answer)]);

        var failure = await Assert.ThrowsAsync<SinkException>(() => Sink(store).PutAsync(Batch, CancellationToken.None));

        Assert.Equal(("NotConfirmed", FailureScope.Sink), (failure.Code, failure.Scope));
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.StartsWith(store.Endpoint, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(failure.Message, char.IsControl);
        Assert.Equal(1, store.Requests);
    }

    [Theory]
    [MemberData(nameof(S3Answers.Confirmed), MemberType = typeof(S3Answers))]
    public async Task TheAnswersOfStoresAreDeliveries(S3Checksums checksums, string answer)
    {
        await using var store = new RawStore(() => [Encoding.Latin1.GetBytes(answer)]);

        await Sink(store, checksums: checksums).PutAsync(Batch, CancellationToken.None);

        Assert.Equal(1, store.Requests);
    }

    // The ETag of an object under a KMS key says nothing about its content; a store that knows checksums answers with one.
    [Fact]
    public async Task AnETagUnderAKmsKeyIsNotEnoughWhenAChecksumWasAskedFor()
    {
        await using var store = new RawStore(() => [Encoding.Latin1.GetBytes(OfKms)]);
        var sink = Sink(store, checksums: S3Checksums.WhenSupported);

        var failure = await Assert.ThrowsAsync<SinkException>(() => sink.PutAsync(Batch, CancellationToken.None));

        Assert.Equal("NotConfirmed", failure.Code);
    }

    [Theory]
    [InlineData("http://trail.s3.amazonaws.com/x")]
    [InlineData("http://127.0.0.1:1/")]
    [InlineData("nowhere")]
    public async Task AnEndpointCannotSendTheObjectElsewhere(string location)
    {
        var answer = Answer("307 Temporary Redirect", "<Error><Code>TemporaryRedirect</Code></Error>", $"Location: {location}");
        await using var store = new RawStore(() => [Encoding.Latin1.GetBytes(answer)]);

        var failure = await Assert.ThrowsAsync<SinkException>(() => Sink(store).PutAsync(Batch, CancellationToken.None));

        Assert.Equal("TemporaryRedirect", failure.Code);
        Assert.Equal(1, store.Requests);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "10000\r\n", "NotConfirmed")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "", "NotConfirmed")]
    [InlineData("HTTP/1.1 500 Oh\r\nContent-Length: 99999999999\r\n\r\n<Error><Code>", "", "InternalServerError")]
    [InlineData("HTTP/1.1 403 No\r\n\r\n", "", "Forbidden")]
    [InlineData("HTTP/1.1 412 No\r\n\r\n", "", "NotConfirmed")]
    [InlineData("HTTP/1.1 301 There\r\nLocation: http://127.0.0.1/\r\n\r\n", "", "MovedPermanently")]
    public async Task AnEndlessBodyIsCut(string head, string beforeEachPart, string code)
    {
        var part = Encoding.ASCII.GetBytes(beforeEachPart + new string('x', 64 << 10) + (beforeEachPart.Length > 0 ? "\r\n" : ""));
        await using var store = new RawStore(() => Endless(head, part));

        var failure = await Assert.ThrowsAsync<SinkException>(() => Sink(store).PutAsync(Batch, CancellationToken.None));

        Assert.Equal(code, failure.Code);
        Assert.InRange(failure.Message.Length, 1, 1000);
        Assert.InRange(store.Sent, 1, EnoughForBuffers);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n", "x-more: yes\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nx-one: ", "xxxxxxxx")]
    [InlineData("", "HTTP/1.1 103 Early Hints\r\nx-more: yes\r\n\r\n")]
    public async Task EndlessHeadersAreCut(string head, string part)
    {
        await using var store = new RawStore(() => Endless(head, Encoding.ASCII.GetBytes(part)));

        var failure = await Assert.ThrowsAsync<SinkException>(() => Sink(store).PutAsync(Batch, CancellationToken.None));

        Assert.Equal("NotConfirmed", failure.Code);
    }

    static IEnumerable<byte[]> Endless(string head, byte[] part)
    {
        yield return Encoding.ASCII.GetBytes(head);
        while (true)
            yield return part;
    }

    ISink Sink(RawStore store, S3Checksums checksums = S3Checksums.WhenRequired) => TestBucket.Sink(new()
    {
        Bucket = "trail",
        Endpoint = store.Endpoint,
        PathStyle = true,
        Checksums = checksums,
        Credentials = new() { Type = S3CredentialsType.Static, Static = credentials.Paths },
    });
}
