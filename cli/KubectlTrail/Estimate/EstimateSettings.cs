namespace ClusterTrail.Kubectl.Estimate;

/// <summary>What the command line says of the bill.</summary>
/// <param name="ApiServers">How many log as much as the one of the log.</param>
/// <param name="KeepDays">How long objects are kept; null if the Trail says.</param>
/// <param name="DefaultKeepDays">If it does not.</param>
sealed record EstimateSettings(S3Prices Prices, int ApiServers, int? KeepDays, int DefaultKeepDays)
{
    const double BytesOfGigabyte = 1e9;

    /// <summary>As bills have it.</summary>
    internal const double DaysOfMonth = 30;

    /// <summary>Whether the prices are from a file.</summary>
    internal bool AreOwnPrices { get; init; }

    internal int DaysKept(TrailEstimate trail) => KeepDays ?? trail.LockedDays ?? DefaultKeepDays;

    /// <summary>What a month's requests cost, and what is stored once the archive holds all the days that it keeps.</summary>
    internal (double Requests, double Storage) Monthly(TrailEstimate trail, double days)
    {
        var (objects, bytes) = trail.Daily(days, ApiServers);
        return (
            objects * DaysOfMonth / 1000 * Prices.PutsPerThousand, bytes * DaysKept(trail) / BytesOfGigabyte * Prices.GigabyteMonth);
    }
}
