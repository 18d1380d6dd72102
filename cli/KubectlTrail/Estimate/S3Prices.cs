namespace ClusterTrail.Kubectl.Estimate;

/// <summary>A table of prices, as <c>--prices</c> names it.</summary>
sealed record S3Prices
{
    /// <summary>Where and when these prices hold.</summary>
    public string Name { get; init; } = "S3 Standard, us-east-1, 2026";

    public string Currency { get; init; } = "USD";

    /// <summary>Of a thousand PUT requests.</summary>
    public double PutsPerThousand { get; init; } = 0.005;

    /// <summary>Of a gigabyte (1,000,000,000 bytes) for a month.</summary>
    public double GigabyteMonth { get; init; } = 0.023;
}
