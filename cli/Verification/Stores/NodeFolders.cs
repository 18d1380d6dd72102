namespace ClusterTrail.Verification.Stores;

/// <summary>A node, and the dates of which it has folders.</summary>
sealed class NodeFolders(ArchiveNode node)
{
    public ArchiveNode Node => node;

    public SortedSet<string> DigestDates { get; } = new(StringComparer.Ordinal);

    public SortedSet<string> EventDates { get; } = new(StringComparer.Ordinal);
}
