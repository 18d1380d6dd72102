using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Sinks.S3;
using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sinks.S3;

/// <summary>What may answer a put of <see cref="Batch"/>, byte by byte.</summary>
public static class S3Answers
{
    public const string Own412 = "<?xml version=\"1.0\"?><Error><Code>PreconditionFailed</Code><RequestId>tx1</RequestId></Error>";
    public const string Without = "<Error><Code>PreconditionFailed</Code></Error>";

    internal static readonly SealedObject Batch = SealedObjects.Holding("sealed");
    public static readonly string Md5 = Convert.ToHexStringLower(PutRequest.Md5(Batch));
    public static readonly string Sha256 = Convert.ToBase64String(Batch.Sha256.Span);
    public static readonly string Other = new('0', 32);
    public static readonly string OfKms =
        Answer("200 OK", "", $"ETag: \"{Other}\"", "x-amz-server-side-encryption: aws:kms", "x-amz-request-id: 1");

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
        { S3Checksums.WhenRequired, OfKms },
        { S3Checksums.WhenRequired, Answer("412 Precondition Failed", Own412) },
        { S3Checksums.WhenRequired, Answer("412 Precondition Failed", Without, "x-amz-request-id: 1") },
        { S3Checksums.WhenSupported, Answer("200 OK", "", $"ETag: \"{Md5}\"") },
        { S3Checksums.WhenSupported, Answer("200 OK", "", $"ETag: \"{Other}\"", $"x-amz-checksum-sha256: {Sha256}") },
    };

    public static string Answer(string status, string body, params string[] headers) =>
        string.Join("\r\n", [$"HTTP/1.1 {status}", .. headers, $"Content-Length: {body.Length}", "", body]);
}
