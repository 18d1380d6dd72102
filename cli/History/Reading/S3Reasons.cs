using Amazon.Runtime;

namespace ClusterTrail.History.Reading;

/// <summary>What a store's refusal says, and what to do about it.</summary>
static class S3Reasons
{
    /// <summary>The store's code, or what kind of error it is: the same for objects that are refused alike.</summary>
    internal static string Kind(Exception e) =>
        e is AmazonServiceException { ErrorCode.Length: > 0 } answer ? answer.ErrorCode : e.GetType().Name;

    /// <summary>Some stores give a code and no message; the SDK gives a page on where it looked for credentials.</summary>
    internal static string Of(Exception e) => e switch
    {
        AmazonServiceException { ErrorCode.Length: > 0, Message.Length: 0 } terse => terse.ErrorCode,
        AmazonServiceException { ErrorCode.Length: > 0 } answer => $"{answer.ErrorCode}: {answer.Message}",
        AmazonClientException => e.Message.Split(". ")[0],
        _ => e.Message,
    };

    /// <param name="e">The refusal.</param>
    /// <param name="permission">What was asked for.</param>
    internal static string? Remedy(Exception e, string permission) => Kind(e) switch
    {
        "AccessDenied" => $"reading the archive needs {permission}, and kms:Decrypt if a KMS key encrypts it",
        "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "InvalidToken" => "check the credentials of the environment or profile",
        "ExpiredToken" or "ExpiredTokenException" => "the credentials have expired: log in again",
        _ => null,
    };
}
