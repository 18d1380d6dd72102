using ClusterTrail.History.Reading;

namespace ClusterTrail.History.Search;

/// <summary>An object, and between when and when its records are, both included.</summary>
sealed record ObjectSpan(ArchiveObject Object, DateTimeOffset First, DateTimeOffset Last)
{
    /// <summary>How much earlier or later than its name says a record may be, and still be found by its time.</summary>
    internal static TimeSpan Tolerance { get; } = TimeSpan.FromMinutes(15);

    internal bool MayMeet(TimeRange range) => range.Meets(Earlier(First, Tolerance), Later(Last, Tolerance));

    internal static DateTimeOffset Earlier(DateTimeOffset time, TimeSpan by) =>
        time - DateTimeOffset.MinValue > by ? time - by : DateTimeOffset.MinValue;

    internal static DateTimeOffset Later(DateTimeOffset time, TimeSpan by) =>
        DateTimeOffset.MaxValue - time > by ? time + by : DateTimeOffset.MaxValue;
}
