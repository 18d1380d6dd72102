namespace ClusterTrail.Contract;

public enum S3CredentialsType
{
    Default,
    Static,
}

public enum S3EncryptionType
{
    BucketDefault,
    SseS3,
    SseKms,
}

public enum ObjectLockMode
{
    Governance,
    Compliance,
}

public enum S3Checksums
{
    WhenRequired,
    WhenSupported,
}

/// <summary>An archive in a bucket of Amazon S3 or of a compatible store.</summary>
public sealed record S3SinkConfiguration
{
    public required string Bucket { get; init; }

    /// <summary>What every object name starts with, without a slash at either end. The default is nothing.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The AWS region, such as eu-central-1. The default is the environment's; a store with an endpoint may need none.</summary>
    public string? Region { get; init; }

    /// <summary>The URL of a compatible store, or of a VPC endpoint. The default is the region's own.</summary>
    public string? Endpoint { get; init; }

    /// <summary>
    /// True puts the bucket's name into the path and not the host name. Most compatible stores need it. The default is false.
    /// </summary>
    public bool PathStyle { get; init; }

    /// <summary>
    /// A PEM file of certificate authorities to trust for the endpoint, beside none of the system's. The default is the system's.
    /// </summary>
    public string? CaPath { get; init; }

    public S3CredentialsConfiguration Credentials { get; init; } = new();

    public S3EncryptionConfiguration Encryption { get; init; } = new();

    /// <summary>Retention set on every object. The default is the bucket's own, if any.</summary>
    public ObjectLockConfiguration? ObjectLock { get; init; }

    /// <summary>The storage class, such as STANDARD_IA. The default is the bucket's.</summary>
    public string? StorageClass { get; init; }

    /// <summary>
    /// WhenSupported sends a SHA-256, which the answer confirms if the store knows it: with a KMS key nothing else proves the content.
    /// WhenRequired sends Content-MD5, which every store knows. The default is WhenRequired.
    /// </summary>
    public S3Checksums Checksums { get; init; } = S3Checksums.WhenRequired;

    /// <summary>How many uploads may run at the same time. The default is 4.</summary>
    public int MaxConcurrency { get; init; } = 4;

    /// <summary>After how many seconds without an answer an upload is tried again. The default is 60.</summary>
    public int TimeoutSeconds { get; init; } = 60;
}

/// <summary>Who the agent is to S3.</summary>
public sealed record S3CredentialsConfiguration
{
    /// <summary>Default is the SDK's chain: environment, web identity (IRSA), container, instance. Static reads files.</summary>
    public S3CredentialsType Type { get; init; } = S3CredentialsType.Default;

    /// <summary>Given when the type is Static.</summary>
    public StaticCredentialsConfiguration? Static { get; init; }
}

/// <summary>Files that hold one value each, as a mounted Secret does. They are read again when they change.</summary>
public sealed record StaticCredentialsConfiguration
{
    public required string AccessKeyIdPath { get; init; }

    public required string SecretAccessKeyPath { get; init; }

    /// <summary>The file of a session token, for temporary credentials. The default is none.</summary>
    public string? SessionTokenPath { get; init; }
}

/// <summary>How S3 encrypts what it stores.</summary>
public sealed record S3EncryptionConfiguration
{
    /// <summary>The default is BucketDefault: no header is sent.</summary>
    public S3EncryptionType Type { get; init; } = S3EncryptionType.BucketDefault;

    /// <summary>The KMS key's id or ARN, for SseKms. The default is the account's aws/s3 key.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>Whether SseKms uses an S3 bucket key, which saves KMS requests. The default is false.</summary>
    public bool BucketKey { get; init; }
}

/// <summary>S3 Object Lock: until when an object cannot be deleted or overwritten.</summary>
public sealed record ObjectLockConfiguration
{
    public required ObjectLockMode Mode { get; init; }

    /// <summary>Days from the upload, 1 to 36500.</summary>
    public required int RetentionDays { get; init; }
}
