namespace ClusterTrail.Agent.Sinks;

/// <summary>What caused a failed put, as far as the failure itself shows.</summary>
enum FailureScope
{
    /// <summary>Either: the sink rejected the batch, but not for its form.</summary>
    Unclear,

    /// <summary>The batch: its size, its name, its options.</summary>
    Batch,

    /// <summary>The sink as a whole: unavailable, overloaded, or denying access.</summary>
    Sink,
}
