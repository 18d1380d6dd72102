namespace ClusterTrail.Agent.Sources.Processes;

/// <summary>Why processes ran that are not recorded.</summary>
enum ProcessLossReason
{
    /// <summary>The kernel's buffer was full: the agent did not get enough CPU.</summary>
    BufferFull,

    /// <summary>The container started more processes than its limit allows.</summary>
    RateLimited,

    /// <summary>The agent did not run.</summary>
    NotRunning,
}
