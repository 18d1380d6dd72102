using System.Net;
using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Sinks.S3;

/// <summary>What to do about a store's refusal, and what it is about.</summary>
static class S3Advice
{
    /// <summary>Whether other credentials could change the answer.</summary>
    public static bool ConcernsCredentials(string code) =>
        code is "AccessDenied" or "InvalidAccessKeyId" or "SignatureDoesNotMatch"
            or "ExpiredToken" or "InvalidToken" or "TokenRefreshRequired";

    /// <summary>What the refusal is likely to be about. A store has the status 400 for many things that are none of the batch's.</summary>
    public static FailureScope ScopeOf(string code, HttpStatusCode status) => code switch
    {
        "AccessDenied" or "QuotaExceeded" => FailureScope.Unclear,
        "NoSuchBucket" or "PermanentRedirect" or "AuthorizationHeaderMalformed" or "RequestTimeTooSkewed" or "RequestTimeout" =>
            FailureScope.Sink,
        _ when ConcernsCredentials(code) || code.Contains("Throttling", StringComparison.Ordinal) => FailureScope.Sink,
        "EntityTooLarge" or "EntityTooSmall" or "KeyTooLong" or "KeyTooLongError" or "MetadataTooLarge" or "InvalidRequest"
            or "InvalidArgument" => FailureScope.Batch,
        _ when IsKms(code) => FailureScope.Batch,
        _ => HttpAnswer.ScopeOf(status),
    };

    /// <param name="said">What the store says beside the code.</param>
    public static string For(string code, string said, S3SinkConfiguration sink) => code switch
    {
        "AccessDenied" when said.Contains("kms:", StringComparison.OrdinalIgnoreCase) =>
            $"Grant the credentials kms:GenerateDataKey on {KmsKey(sink)}.",
        "AccessDenied" => $"Grant the credentials s3:PutObject on {Resource(sink)}{AlsoNeeded(sink)}.",
        "InvalidAccessKeyId" when IsSseKms(sink) =>
            $"Either the access key is wrong, or {KmsKey(sink)} does not exist, for which some stores return the same code: "
                + "correct the one that is wrong.",
        "InvalidAccessKeyId" => "The store does not know the access key id: correct the credentials.",
        "SignatureDoesNotMatch" => "The secret access key does not belong to the access key id: correct the credentials.",
        "ExpiredToken" or "InvalidToken" or "TokenRefreshRequired" => "The session token is not valid any more: renew the credentials.",
        "NoSuchBucket" => $"Create the bucket {sink.Bucket}, or correct sink.s3.bucket.",
        "PermanentRedirect" or "AuthorizationHeaderMalformed" => "The bucket is in another region: correct sink.s3.region.",
        "RequestTimeTooSkewed" => "Correct the node's clock.",
        "InvalidRequest" when sink.ObjectLock is not null => "Is Object Lock enabled on the bucket? It must be for sink.s3.objectLock.",
        "QuotaExceeded" => "Raise the bucket's or user's quota.",
        "EntityTooLarge" or "RequestEntityTooLarge" =>
            "The batch is larger than the store, or a proxy in front of it, accepts: raise that limit, "
                + "or lower batch.maxBytes for new batches.",
        "KeyTooLong" or "KeyTooLongError" or "RequestUriTooLong" =>
            "The object's name is longer than the store allows: shorten sink.s3.prefix, clusterName, trail or nodeName.",
        "BadGateway" or "GatewayTimeout" => "Check the proxy in front of the store; the agent retries.",
        _ when IsKms(code) => Kms(code, sink),
        _ => "The agent retries.",
    };

    static string Kms(string code, S3SinkConfiguration sink) => code switch
    {
        "KMS.NotFoundException" => $"The key does not exist: correct {KmsKey(sink)}; a key must be in the bucket's region.",
        "KMS.DisabledException" => $"Enable {KmsKey(sink)}.",
        _ when code.Contains("InvalidState", StringComparison.Ordinal) =>
            $"It is disabled, or about to be deleted: enable {KmsKey(sink)}, or cancel its deletion.",
        _ => $"Check {KmsKey(sink)}, its state and its policy.",
    };

    static bool IsKms(string code) => code.StartsWith("KMS.", StringComparison.Ordinal);

    static bool IsSseKms(S3SinkConfiguration sink) => sink.Encryption.Type == S3EncryptionType.SseKms;

    static string KmsKey(S3SinkConfiguration sink) => sink.Encryption switch
    {
        { Type: S3EncryptionType.SseKms, KmsKeyId: { } key } => $"the KMS key {key} (sink.s3.encryption.kmsKeyId)",
        { Type: S3EncryptionType.SseKms } => "the account's KMS key aws/s3 (or name another as sink.s3.encryption.kmsKeyId)",
        _ => $"the KMS key of the bucket {sink.Bucket}'s default encryption",
    };

    static string AlsoNeeded(S3SinkConfiguration sink) =>
        (sink.ObjectLock is null ? "" : ", and s3:PutObjectRetention for Object Lock")
        + (IsSseKms(sink) ? ", and kms:GenerateDataKey on the KMS key" : "");

    static string Resource(S3SinkConfiguration sink) =>
        sink.Prefix.Length == 0 ? $"arn:aws:s3:::{sink.Bucket}/*" : $"arn:aws:s3:::{sink.Bucket}/{sink.Prefix}/*";
}
