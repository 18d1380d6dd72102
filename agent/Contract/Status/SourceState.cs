namespace ClusterTrail.Contract.Status;

public enum SourceState
{
    /// <summary>The agent has just started, and has not looked for its source yet.</summary>
    Starting,

    /// <summary>There is no live file: not yet, or no more.</summary>
    Waiting,

    /// <summary>Events are being read.</summary>
    Reading,

    /// <summary>All there is has been read.</summary>
    Idle,

    /// <summary>The spool is full, or cannot be written; the source keeps the backlog.</summary>
    Blocked,

    /// <summary>The source, or a file of it, cannot be read; it is tried again, and what can be read is read.</summary>
    Failed,

    /// <summary>The Trail was told not to log: nothing is read, what is held is delivered.</summary>
    Stopped,
}
