namespace ClusterTrail.Contract;

/// <summary>A key in AWS KMS.</summary>
public sealed record KmsKeyConfiguration
{
    /// <summary>The key's id or ARN, or an alias such as alias/clustertrail.</summary>
    public required string KeyId { get; init; }

    /// <summary>The AWS region. The default is that of an ARN, else the environment's.</summary>
    public string? Region { get; init; }

    /// <summary>The URL of a VPC endpoint, or of another service that speaks KMS. The default is the region's own.</summary>
    public string? Endpoint { get; init; }
}
