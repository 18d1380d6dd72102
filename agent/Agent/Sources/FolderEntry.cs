namespace ClusterTrail.Agent.Sources;

/// <summary>A file beside the log.</summary>
/// <param name="Path">How to open it, and how people know it.</param>
/// <param name="Status">What it is; null when nobody can say, and the reason in <paramref name="Trouble"/> then.</param>
sealed record FolderEntry(SiblingName Name, string Path, FileStatus? Status, string? Trouble = null) : IComparable<FolderEntry>
{
    /// <summary>The oldest first; a plain file before its compression.</summary>
    public int CompareTo(FolderEntry? other) => other is null ? 1 : Key.CompareTo(other.Key);

    // audit.log.2 is older than audit.log.1. A name without a time goes by when its content was changed last.
    (int, long, string) Key => Name.Number is { } number ? (0, -number, Path) : (1, Name.Time?.Ticks ?? ModifiedTicks, Path);

    long ModifiedTicks => DateTime.UnixEpoch.Ticks + (Status?.Modified ?? 0) / 100;
}
