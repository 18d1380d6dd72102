namespace ClusterTrail.Agent.Integrity;

/// <summary>Whether the agent records.</summary>
enum Recording
{
    On,

    /// <summary>Logging is off, and what was read is not all in the spool yet.</summary>
    Ending,

    Off,
}
