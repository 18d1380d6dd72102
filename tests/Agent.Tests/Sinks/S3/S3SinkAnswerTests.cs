using System.Text;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Sinks.S3;
using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sinks.S3;

/// <summary>What counts as delivered, whoever answers in the store's place.</summary>
public sealed class S3SinkAnswerTests : IDisposable
{
    const string Own412 = "<?xml version=\"1.0\"?><Error><Code>PreconditionFailed</Code><RequestId>tx1</RequestId></Error>";
    const string Without = "<Error><Code>PreconditionFailed</Code></Error>";
    const long EnoughForBuffers = 16 << 20;

    static readonly SealedObject Batch = SealedObjects.Holding("sealed");
    static readonly string Md5 = Convert.ToHexStringLower(PutRequest.Md5(Batch));
    static readonly string Sha256 = Convert.ToBase64String(Batch.Sha256.Span);
    static readonly string Other = new('0', 32);

    readonly CredentialFiles credentials = new("id", "secret");

    /// <summary>Answers that confirm nothing, and what the message says about each.</summary>
    public static TheoryData<string, string> Unconfirmed => new()
    {
        { Answer("200 OK", "<html>Please log in</html>", "Content-Type: text/html"), "with a body" },
        { Answer("200 OK", "<html>Please log in</html>", $"ETag: \"{Md5}\""), "with a body" },
        { Answer("200 OK", "<Error><Code>InternalError</Code></Error>", $"ETag: \"{Md5}\""), "the error \"InternalError\" in the body" },
        { Answer("200 OK", "{\"ok\":true}"), "with a body" },
        { Answer("200 OK", ""), "without an ETag" },
        { Answer("200 OK", "", "ETag: \"\""), "with the ETag" },
        { Answer("200 OK", "", $"ETag: \"{Other}\""), $"with the ETag \"{Other}\"" },
        { Answer("200 OK", "", $"ETag: W/\"{Md5}\""), "with the ETag W/" },
        { Answer("200 OK", "", $"ETag: \"{Md5}-1\""), "with the ETag" },
        { Answer("200 OK", "", "ETag: \"5e1f-61a\""), "with the ETag" },
        { Answer("200 OK", "", $"ETag: \"{Md5}\"", "x-amz-checksum-sha256: AAAA"), "with the x-amz-checksum-sha256 AAAA" },
        { Answer("200 OK", "", $"ETag: \"{Other}\"", "x-amz-server-side-encryption: aws:kms"), "with the ETag" },
        { Answer("200 OK", "", $"ETag: \"{Other}\"", "x-amz-server-side-encryption: AES256", "x-amz-request-id: 1"), "with the ETag" },
        { Answer("200 OK", "", "ETag: \"new\"", "x-amz-server-side-encryption: aws:kms", "x-amz-request-id: 1"), "with the ETag" },
        { Answer("201 Created", "", $"ETag: \"{Md5}\""), "201 Created" },
        { Answer("202 Accepted", "", $"ETag: \"{Md5}\""), "202 Accepted" },
        { $"HTTP/1.1 204 No Content\r\nETag: \"{Md5}\"\r\n\r\n", "204 No Content" },
        { Answer("299 Fine", "", $"ETag: \"{Md5}\""), "status 299" },
        { Answer("412 Precondition Failed", "<html>412</html>", "x-amz-request-id: 1"), "412 Precondition Failed" },
        { Answer("412 Precondition Failed", "", "x-amz-request-id: 1"), "412 Precondition Failed" },
        { Answer("412 Precondition Failed", "{\"Code\":\"PreconditionFailed\"}", "x-amz-request-id: 1"), "412 Precondition Failed" },
        { Answer("412 Precondition Failed", Without), "412 Precondition Failed" },
        { Answer("412 Precondition Failed", Own412[..^8]), "412 Precondition Failed" },
        { Answer("412 Precondition Failed", Own412.Replace("PreconditionFailed", "Blocked", StringComparison.Ordinal)), "412" },
        { Answer("412 Precondition Failed", "<?xml version=\"1.0\" encoding=\"utf-7\"?>" + Without), "412 Precondition Failed" },
        { Answer("412 Precondition Failed", "<!DOCTYPE x [<!ENTITY a \"b\">]>" + Own412[21..]), "412 Precondition Failed" },
        { Answer("501 Not Implemented", "<html>501</html>"), "501 Not Implemented" },
        { "SSH-2.0-OpenSSH_9.2\r\n", "not HTTP" },
        { "\0\u0001\u0002\r\n\r\n", "not HTTP" },
        { $"HTTP/1.1 200 OK\r\nETag: \"{Md5}\"\r\nx-long: {new string('x', 33 << 10)}\r\n\r\n", "too many headers" },
    };

    /// <summary>Answers of stores: whether the put asked for a checksum, and the answer.</summary>
    public static TheoryData<S3Checksums, string> Confirmed => new()
    {
        { S3Checksums.WhenRequired, Answer("200 OK", "", $"ETag: \"{Md5}\"") },
        { S3Checksums.WhenRequired, Answer("200 OK", "", $"etag: {Md5.ToUpperInvariant()}") },
        { S3Checksums.WhenRequired, $"HTTP/1.1 200 OK\r\nETag: \"{Md5}\"\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
        { S3Checksums.WhenRequired, $"HTTP/1.0 200 OK\r\nETag: \"{Md5}\"\r\n\r\n" },
        { S3Checksums.WhenRequired, Answer("200 OK", "", $"ETag: \"{Other}\"", "x-amz-server-side-encryption: aws:kms", "x-amz-request-id: 1") },
        { S3Checksums.WhenRequired, Answer("412 Precondition Failed", Own412) },
        { S3Checksums.WhenRequired, Answer("412 Precondition Failed", Without, "x-amz-request-id: 1") },
        { S3Checksums.WhenSupported, Answer("200 OK", "", $"ETag: \"{Md5}\"") },
        { S3Checksums.WhenSupported, Answer("200 OK", "", $"ETag: \"{Other}\"", $"x-amz-checksum-sha256: {Sha256}") },
    };

    public void Dispose() => credentials.Dispose();

    [Theory]
    [MemberData(nameof(Unconfirmed))]
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
    [MemberData(nameof(Confirmed))]
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
        var answer = Answer("200 OK", "", $"ETag: \"{Other}\"", "x-amz-server-side-encryption: aws:kms", "x-amz-request-id: 1");
        await using var store = new RawStore(() => [Encoding.Latin1.GetBytes(answer)]);
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

    /// <summary>Real answers with random damage: none is a delivery but one that still has its proof.</summary>
    [Fact]
    public void NoDamagedAnswerIsADeliveryWithoutItsProof() => RandomSequences.Run(600, seed =>
    {
        var answer = RandomAnswer(new Random(seed));
        var text = Encoding.Latin1.GetString(answer);
        var failure = PutAsync(answer).GetAwaiter().GetResult();

        if (failure is null)
        {
            Assert.True(Proves(text), text);
            return;
        }

        Assert.False(failure.Code == "Unknown", $"{failure}\n{text}");
        Assert.InRange(failure.Message.Length, 1, 1000);
        Assert.DoesNotContain(failure.Message, char.IsControl);
    });

    static bool Proves(string answer)
    {
        var isOk = answer.Contains(" 200", StringComparison.Ordinal)
            && (answer.Contains(Md5, StringComparison.OrdinalIgnoreCase) || answer.Contains(Sha256, StringComparison.Ordinal)
                || answer.Contains("aws:kms", StringComparison.Ordinal));
        return isOk || (answer.Contains(" 412", StringComparison.Ordinal)
            && answer.Contains("<Code>PreconditionFailed</", StringComparison.Ordinal)
            && answer.Contains("request", StringComparison.OrdinalIgnoreCase));
    }

    static byte[] RandomAnswer(Random random)
    {
        string[] whole =
        [
            .. Confirmed.Select(row => row.Data.Item2), .. Unconfirmed.Select(row => row.Data.Item1),
            Answer("403 Forbidden", "<Error><Code>AccessDenied</Code><Message>No.</Message><RequestId>1</RequestId></Error>"),
            Answer("307 Temporary Redirect", "<Error><Code>TemporaryRedirect</Code><Endpoint>x</Endpoint></Error>", "Location: http://x.invalid/"),
        ];
        var bytes = Encoding.Latin1.GetBytes(random.GetItems(whole, 1)[0]).ToList();
        for (var damage = random.Next(6); damage > 0 && bytes.Count > 1; damage--)
        {
            var (at, length) = (random.Next(bytes.Count), random.Next(1, 20));
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(length, bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(length, bytes.Count - at)));
                    break;
                default:
                    bytes.InsertRange(at, Encoding.Latin1.GetBytes(random.GetItems(["\r\n", "\0", "<", "\"", "99999", ": ", "ÿ"], 1)[0]));
                    break;
            }
        }

        return [.. bytes];
    }

    async Task<SinkException?> PutAsync(byte[] answer)
    {
        await using var store = new RawStore(() => [answer]);
        return await Record.ExceptionAsync(() => Sink(store).PutAsync(Batch, CancellationToken.None)) switch
        {
            null => null,
            SinkException failure => failure,
            var other => throw new InvalidOperationException($"Not a SinkException: {other}"),
        };
    }

    static IEnumerable<byte[]> Endless(string head, byte[] part)
    {
        yield return Encoding.ASCII.GetBytes(head);
        while (true)
            yield return part;
    }

    static string Answer(string status, string body, params string[] headers) =>
        string.Join("\r\n", [$"HTTP/1.1 {status}", .. headers, $"Content-Length: {body.Length}", "", body]);

    ISink Sink(RawStore store, S3Checksums checksums = S3Checksums.WhenRequired) => TestBucket.Sink(new()
    {
        Bucket = "trail",
        Endpoint = store.Endpoint,
        PathStyle = true,
        Checksums = checksums,
        Credentials = new() { Type = S3CredentialsType.Static, Static = credentials.Paths },
    });
}
