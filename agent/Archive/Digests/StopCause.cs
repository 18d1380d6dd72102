namespace ClusterTrail.Archive.Digests;

/// <summary>Why an agent stopped recording.</summary>
public enum StopCause
{
    /// <summary>The configuration says <c>logging: false</c>.</summary>
    LoggingOff,

    /// <summary>The agent's process was told to end.</summary>
    Shutdown,

    /// <summary>The Trail is being deleted.</summary>
    TrailDeleted,
}
