using Amazon.Runtime;

namespace ClusterTrail.Kms;

/// <summary>Says what went wrong with KMS, and what to do about it.</summary>
static class KmsFailure
{
    const int LongestAnswer = 300;

    public static KmsException Explain(Exception failure, KmsKeyReference key, string permission) => failure switch
    {
        KmsException known => known,
        AmazonServiceException { ErrorCode: { Length: > 0 } code } answer => new(
            code, $"KMS answered {code} for the key {key.KeyId}{Said(answer)}. {Advice(code, key, permission)}", failure),
        AmazonServiceException { StatusCode: not 0 } answer => new(
            $"Http{(int)answer.StatusCode}",
            $"{Service(key)} answered {(int)answer.StatusCode} for the key {key.KeyId}. Check that the endpoint is KMS.", failure),
        OperationCanceledException or TimeoutException => new(
            "Timeout", $"{Service(key)} did not answer within {KmsKey.Limit.TotalSeconds:0} s. Check the endpoint and network policies.",
            failure),
        HttpRequestException or IOException => new("Unreachable", $"{Service(key)} cannot be reached: {failure.Message}", failure),
        AmazonClientException when failure.InnerException is HttpRequestException or IOException => new(
            "Unreachable", $"{Service(key)} cannot be reached: {failure.InnerException.Message}", failure),
        AmazonClientException => new(
            "NoCredentials", $"The AWS SDK found no credentials for KMS: {failure.Message.Split(". ")[0]}. Give the pod a role.", failure),
        _ => new("Unknown", $"{Service(key)} could not be asked: {failure.Message}", failure),
    };

    /// <summary>Whether KMS refused what it was given to decrypt, which whoever wrote it chose, and would decrypt something else.</summary>
    public static bool IsOfContent(string code) =>
        code is "InvalidCiphertextException" or "IncorrectKeyException" or "ValidationException";

    static string Said(AmazonServiceException answer) => answer.Message is { Length: > 0 } text
        ? $" ({new string([.. text.Take(LongestAnswer).Select(one => char.IsControl(one) ? ' ' : one)]).Trim(' ', '.')})"
        : "";

    static string Advice(string code, KmsKeyReference key, string permission) => code switch
    {
        "AccessDeniedException" => $"Grant the credentials {permission} on the key.",
        "DisabledException" => "Enable the key.",
        "KMSInvalidStateException" => "It is disabled, or about to be deleted: enable it, or cancel its deletion.",
        "NotFoundException" => "Correct the key's id or its region.",
        "InvalidKeyUsageException" or "UnsupportedOperationException" or "ValidationException" =>
            "Digests need an asymmetric key with the usage SIGN_VERIFY and the spec ECC_NIST_P256, recipients one with ENCRYPT_DECRYPT "
                + "and RSA.",
        "ThrottlingException" or "LimitExceededException" => "KMS is asked again later; raise the account's quota if this lasts.",
        "UnrecognizedClientException" or "InvalidClientTokenId" or "InvalidSignatureException" or "IncompleteSignatureException" =>
            "Correct the credentials.",
        "ExpiredTokenException" => "Renew the credentials.",
        "InvalidCiphertextException" or "IncorrectKeyException" => "It was not encrypted for this key, or was changed.",
        _ => "It is asked again later.",
    };

    static string Service(KmsKeyReference key) => key.Endpoint ?? $"KMS in {key.RegionOrArns ?? "the environment's region"}";
}
