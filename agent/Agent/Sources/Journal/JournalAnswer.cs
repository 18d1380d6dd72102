namespace ClusterTrail.Agent.Sources.Journal;

/// <summary>What became of a group of events that was handed to a journal.</summary>
enum JournalAnswer
{
    /// <summary>It is on disk, and will be recorded.</summary>
    Stored,

    /// <summary>It was received before, and is on disk.</summary>
    Known,

    /// <summary>The journal is as large as it may be.</summary>
    Full,

    /// <summary>It cannot be written now.</summary>
    Failed,
}
