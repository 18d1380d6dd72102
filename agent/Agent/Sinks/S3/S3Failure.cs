using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Sinks.S3;

/// <summary>Says what went wrong with a put, and what to do about it.</summary>
static partial class S3Failure
{
    const int LongestAnswer = 300;

    public static SinkException Explain(Exception failure, S3SinkConfiguration sink) => failure switch
    {
        _ when Cause<SinkException>(failure) is { } known => known,
        OperationCanceledException or TimeoutException => new(
            "Timeout", $"{Store(sink)} did not answer within {sink.TimeoutSeconds} s. It is tried again.", failure),
        AmazonServiceException { StatusCode: not 0 } answer => Refused(answer, sink),
        _ when Cause<AuthenticationException>(failure) is { } tls => new(
            "Unreachable", $"{Store(sink)} is not trusted: {tls.Message} Set sink.s3.caPath to its certificate authority.", failure),
        _ when Cause<SocketException>(failure) is { } socket => new(
            "Unreachable", $"{Store(sink)} cannot be reached: {socket.Message}. Check the endpoint, DNS and network policies.", failure),
        _ when Cause<HttpRequestException>(failure) is not null || Cause<IOException>(failure) is not null => new(
            "Unreachable", $"{Store(sink)} closed the connection before it answered. It is tried again.", failure),
        AmazonClientException => new(
            "NoCredentials",
            $"The AWS SDK found no credentials: {failure.Message} Set sink.s3.credentials or give the pod a role.", failure),
        _ => new("Unknown", $"The put failed: {failure.Message}", failure),
    };

    /// <summary>Whether other credentials could change the answer.</summary>
    public static bool ConcernsCredentials(string code) =>
        code is "AccessDenied" or "InvalidAccessKeyId" or "SignatureDoesNotMatch"
            or "ExpiredToken" or "InvalidToken" or "TokenRefreshRequired";

    static SinkException Refused(AmazonServiceException answer, S3SinkConfiguration sink)
    {
        var code = answer.ErrorCode is { } word && CodePattern().IsMatch(word) ? word : $"Http{(int)answer.StatusCode}";
        return new(code, $"{Store(sink)} answered {code}{Quote(answer)}. {Advice(code, sink)}", answer);
    }

    static string Quote(AmazonServiceException answer) =>
        string.IsNullOrWhiteSpace(answer.Message) ? "" : $" ({ControlCharacters().Replace(Shorten(answer.Message), " ").Trim(' ', '.')})";

    static string Shorten(string text) => text.Length <= LongestAnswer ? text : text[..LongestAnswer];

    static string Advice(string code, S3SinkConfiguration sink) => code switch
    {
        "AccessDenied" => $"Grant the credentials s3:PutObject on {Resource(sink)}{AlsoNeeded(sink)}.",
        "InvalidAccessKeyId" or "SignatureDoesNotMatch" => "The access key is wrong: correct the credentials.",
        "ExpiredToken" or "InvalidToken" or "TokenRefreshRequired" => "The session token is not valid any more: renew the credentials.",
        "NoSuchBucket" => $"Create the bucket {sink.Bucket}, or correct sink.s3.bucket.",
        "PermanentRedirect" or "AuthorizationHeaderMalformed" => "The bucket is in another region: correct sink.s3.region.",
        "RequestTimeTooSkewed" => "Correct the node's clock.",
        "InvalidRequest" when sink.ObjectLock is not null => "Is Object Lock enabled on the bucket? It must be for sink.s3.objectLock.",
        "QuotaExceeded" => "Raise the bucket's or user's quota.",
        _ when code.StartsWith("KMS.", StringComparison.Ordinal) => "Check the KMS key of sink.s3.encryption and its policy.",
        _ => "It is tried again.",
    };

    static string AlsoNeeded(S3SinkConfiguration sink) =>
        (sink.ObjectLock is null ? "" : ", and s3:PutObjectRetention for Object Lock")
        + (sink.Encryption.Type == S3EncryptionType.SseKms ? ", and kms:GenerateDataKey on the KMS key" : "");

    static string Resource(S3SinkConfiguration sink) =>
        sink.Prefix.Length == 0 ? $"arn:aws:s3:::{sink.Bucket}/*" : $"arn:aws:s3:::{sink.Bucket}/{sink.Prefix}/*";

    static string Store(S3SinkConfiguration sink) => sink.Endpoint ?? $"S3 bucket {sink.Bucket}";

    static T? Cause<T>(Exception? failure)
        where T : Exception
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is T cause)
                return cause;
        }

        return null;
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9.]{0,63}\z")]
    private static partial Regex CodePattern();

    [GeneratedRegex(@"\p{C}+")]
    private static partial Regex ControlCharacters();
}
