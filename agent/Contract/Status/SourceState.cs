namespace ClusterTrail.Contract.Status;

public enum SourceState
{
    /// <summary>The agent has just started, and has not looked for its source yet.</summary>
    Starting,

    /// <summary>The live file does not exist yet, or no longer.</summary>
    Waiting,

    /// <summary>Events are being read.</summary>
    Reading,

    /// <summary>All there is has been read.</summary>
    Idle,

    /// <summary>The spool is full, or cannot be written; the source keeps the backlog.</summary>
    Blocked,

    /// <summary>The source, or a file of it, cannot be read; it is tried again, and what can be read is read.</summary>
    Failed,

    /// <summary>Logging is off: nothing is read, open batches are delivered.</summary>
    Stopped,
}
