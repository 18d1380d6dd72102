using ClusterTrail.Contract.Status;

namespace ClusterTrail.Operator.Findings;

/// <summary>The findings of one rule that nobody was told of yet.</summary>
sealed class UntoldFindings
{
    readonly SortedSet<string> nodes = new(StringComparer.Ordinal);
    FindingsStatus? newest;
    DateTimeOffset first;

    public long Count { get; private set; }

    /// <summary>When those before were told; null if there were none.</summary>
    public DateTimeOffset? ToldAt { get; private set; }

    public void Add(FindingsStatus finding, long count, string node, DateTimeOffset now)
    {
        if (Count == 0)
            first = now;
        if (newest is null || finding.LastAt >= newest.LastAt)
            newest = finding;
        nodes.Add(node);
        Count += count;
    }

    public FindingNews News(DateTimeOffset now) =>
        new(newest!.Rule, newest.Severity, newest.Description, Count, [.. nodes], newest.LastAt, newest.LastEventId, now - first);

    public void Told(DateTimeOffset now)
    {
        (Count, newest, ToldAt) = (0, null, now);
        nodes.Clear();
    }
}
