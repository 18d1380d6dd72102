using ClusterTrail.Contract;

namespace ClusterTrail.Trails.Api;

public sealed record TrailS3Sink
{
    public required string Bucket { get; init; }

    public string Prefix { get; init; } = "";

    public string? Region { get; init; }

    public string? Endpoint { get; init; }

    public bool PathStyle { get; init; }

    public CaBundle? CaBundle { get; init; }

    public TrailCredentials Credentials { get; init; } = new();

    public S3EncryptionConfiguration Encryption { get; init; } = new();

    public ObjectLockConfiguration? ObjectLock { get; init; }

    public string? StorageClass { get; init; }

    public S3Checksums Checksums { get; init; } = S3Checksums.WhenRequired;

    public int MaxConcurrency { get; init; } = 4;

    public int TimeoutSeconds { get; init; } = 60;
}

public sealed record CaBundle
{
    public required string ConfigMapName { get; init; }

    public string Key { get; init; } = "ca.crt";
}

public enum TrailCredentialsType
{
    Default,
    Secret,
}

public sealed record TrailCredentials
{
    public TrailCredentialsType Type { get; init; } = TrailCredentialsType.Default;

    public CredentialsSecret? Secret { get; init; }
}

/// <summary>Names a Secret and its keys; never a value.</summary>
public sealed record CredentialsSecret
{
    public required string Name { get; init; }

    public string AccessKeyIdKey { get; init; } = "accessKeyId";

    public string SecretAccessKeyKey { get; init; } = "secretAccessKey";

    public string? SessionTokenKey { get; init; }
}
