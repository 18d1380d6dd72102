namespace ClusterTrail.Agent.Sources.Processes;

/// <summary>What became of the processes that started.</summary>
/// <param name="Journaled">Written to the journal.</param>
/// <param name="Lost">Not handed over by the kernel in time.</param>
/// <param name="RateLimited">Too many of one container.</param>
/// <param name="Unattributed">Of containers that no pod is known of, while only some namespaces are recorded.</param>
readonly record struct ProcessCounts(long Journaled, long Lost, long RateLimited, long Unattributed);
