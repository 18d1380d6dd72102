namespace ClusterTrail.Agent.Telemetry;

/// <summary>Why an event is lost that was answered.</summary>
enum LossReason
{
    /// <summary>No room in memory: the journal is full, or cannot be written as fast.</summary>
    QueueFull,

    /// <summary>It was in memory when an earlier agent ended without writing it.</summary>
    Crash,

    /// <summary>An internal error.</summary>
    Failed,
}
