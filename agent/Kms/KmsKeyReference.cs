namespace ClusterTrail.Kms;

/// <summary>Which key in AWS KMS, and where.</summary>
/// <param name="KeyId">Its id or ARN, or an alias such as alias/clustertrail.</param>
/// <param name="Region">Null: that of an ARN, else the environment's.</param>
/// <param name="Endpoint">Null: the region's own.</param>
public sealed record KmsKeyReference(string KeyId, string? Region = null, string? Endpoint = null)
{
    const int RegionOfArn = 3;

    /// <summary>The region that is given, or that an ARN names.</summary>
    internal string? RegionOrArns => Region
        ?? (KeyId.StartsWith("arn:", StringComparison.Ordinal) && KeyId.Split(':') is { Length: > RegionOfArn } parts
            ? parts[RegionOfArn] : null);
}
