using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Judging;

namespace ClusterTrail.Operator.Events;

/// <summary>The findings of one rule that are not reported yet.</summary>
sealed class PendingFindings
{
    readonly SortedSet<string> nodes = new(StringComparer.Ordinal);
    FindingsStatus? newest;
    DateTimeOffset first;

    public long Count { get; private set; }

    /// <summary>When those before were reported; null if there were none.</summary>
    public DateTimeOffset? ReportedAt { get; private set; }

    public void Add(FindingsStatus finding, long count, string node, DateTimeOffset now)
    {
        if (Count == 0)
            first = now;
        if (newest is null || finding.LastAt >= newest.LastAt)
            newest = finding;
        nodes.Add(node);
        Count = Saturating.Add(Count, count);
    }

    public FindingReport Report(DateTimeOffset now) =>
        new(newest!, Count, [.. nodes], now - first);

    public void Reported(DateTimeOffset now)
    {
        (Count, newest, ReportedAt) = (0, null, now);
        nodes.Clear();
    }
}
