namespace ClusterTrail.Agent.Sources.Journal;

/// <summary>How far a journal is on disk for good: what is behind it is not read.</summary>
/// <param name="Segment">The segment that is written.</param>
/// <param name="Length">How many bytes of it count.</param>
sealed record JournalEnd(long Segment, long Length);
