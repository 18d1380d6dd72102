namespace ClusterTrail.Verification.Stores;

/// <summary>Which part of an archive is verified; null means all.</summary>
/// <param name="Since">The digests that were sealed from then on.</param>
/// <param name="Until">The digests that were sealed until then.</param>
public sealed record ArchiveScope(string? Cluster, string? Trail, string? Node, DateTimeOffset? Since, DateTimeOffset? Until)
{
    public static ArchiveScope All { get; } = new(null, null, null, null, null);

    internal bool IsLimited => Since is not null || Until is not null;

    internal bool Contains(DateTimeOffset time) => (Since is null || time >= Since) && (Until is null || time <= Until);

    // By days, as an object's folder says.
    internal bool ContainsDate(string date) =>
        (Since is null || string.CompareOrdinal(date, DateOf(Since.Value)) >= 0)
        && (Until is null || string.CompareOrdinal(date, DateOf(Until.Value)) <= 0);

    internal static string DateOf(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
