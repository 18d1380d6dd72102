using System.Net;
using Amazon.S3.Model;

namespace ClusterTrail.Agent.Sinks.S3;

/// <summary>Decides whether an answer is one that S3 gives to a put, and whether it confirms the object.</summary>
/// <remarks>
/// Not everything that answers is the store: captive portals, proxies and other servers answer with 200 and 412 too. A delivered
/// batch is deleted from the spool, so the answer has to prove that the store has the object.
/// </remarks>
static class StoreAnswer
{
    const string RequestIdHeader = "x-amz-request-id";
    const int Md5Digits = 32;

    /// <summary>What is wrong with the form of the answer; null for one that S3 gives, to a failed put too.</summary>
    public static string? ProblemOfForm(HttpResponseMessage answer, ArraySegment<byte> body) => answer.StatusCode switch
    {
        HttpStatusCode.OK when body.Count == 0 => null,
        HttpStatusCode.OK when S3Error.Read(body) is { } error => $"answered 200 OK, but with the error \"{error.Code}\" in the body",
        HttpStatusCode.OK => "answered 200 OK, but with a body, which S3 does not send as the answer to a put",
        >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices =>
            $"answered {HttpAnswer.Words(answer.StatusCode)}; S3 answers a put with 200 OK",
        HttpStatusCode.PreconditionFailed when !IsOwn(answer, body, "PreconditionFailed") =>
            "answered 412 Precondition Failed, but not with an error document of S3 that has the code PreconditionFailed and a request ID",
        HttpStatusCode.NotImplemented when !IsOwn(answer, body, "NotImplemented") =>
            "answered 501 Not Implemented, but not with an error document of S3 that has the code NotImplemented and a request ID",
        _ => null,
    };

    /// <summary>The same of a deletion: a success must be the store's own.</summary>
    public static string? ProblemOfDeletion(HttpResponseMessage answer) =>
        answer.StatusCode is >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices
            && (answer.StatusCode != HttpStatusCode.NoContent || !answer.Headers.NonValidated.Contains(RequestIdHeader))
            ? $"answered {HttpAnswer.Words(answer.StatusCode)}; S3 answers a deletion with 204 No Content and a request ID"
            : null;

    /// <summary>Why the answer does not prove that the store has these bytes; null if it does.</summary>
    public static string? ProblemOfProof(PutObjectResponse answer, SealedObject sealedObject, PutObjectRequest request)
    {
        if (answer.ChecksumSHA256 is { Length: > 0 } checksum)
        {
            var sha256 = Convert.ToBase64String(sealedObject.Sha256.Span);
            return checksum == sha256 ? null : $"with the x-amz-checksum-sha256 {checksum}; the object's is {sha256}";
        }

        if (answer.ETag is not { Length: > 0 } tag)
        {
            return "without an ETag and without x-amz-checksum-sha256";
        }

        // With a KMS key the ETag is not the MD5. Only a checksum proves the content, but only if it was asked for.
        var md5 = Convert.ToHexStringLower(request.MD5Digest is { } sent ? Convert.FromBase64String(sent) : PutRequest.Md5(sealedObject));
        return tag.Trim('"').Equals(md5, StringComparison.OrdinalIgnoreCase) || (request.ChecksumSHA256 is null && IsOfKms(answer, tag))
            ? null
            : $"with the ETag {tag}; the object's MD5 is {md5}";
    }

    static bool IsOwn(HttpResponseMessage answer, ArraySegment<byte> body, string code) =>
        S3Error.Read(body) is { } error && error.Code == code
            && (error.RequestId is not null || answer.Headers.NonValidated.Contains(RequestIdHeader));

    static bool IsOfKms(PutObjectResponse answer, string tag) =>
        answer.ServerSideEncryptionMethod?.Value.StartsWith("aws:kms", StringComparison.Ordinal) == true
            && tag.Trim('"') is { Length: Md5Digits } digits && digits.All(char.IsAsciiHexDigit)
            && answer.ResponseMetadata?.RequestId is { Length: > 0 };
}
