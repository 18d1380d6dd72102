namespace ClusterTrail.History.Search;

/// <summary>From when on, and until before when. All times are UTC.</summary>
sealed record TimeRange(DateTimeOffset? Since, DateTimeOffset? Until)
{
    internal static TimeRange All { get; } = new(null, null);

    internal bool Has(DateTimeOffset time) => !(time < Since) && !(time >= Until);

    /// <summary>Whether all of a span of time is in it.</summary>
    internal bool Covers(DateTimeOffset first, DateTimeOffset last) => Has(first) && Has(last);

    internal bool Meets(DateTimeOffset first, DateTimeOffset last) => !(last < Since) && !(first >= Until);
}
