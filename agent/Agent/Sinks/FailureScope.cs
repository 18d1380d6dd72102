namespace ClusterTrail.Agent.Sinks;

/// <summary>What a failed put is likely to be about, judged by the failure alone.</summary>
enum FailureScope
{
    /// <summary>It may be about either: refused, and not for its form.</summary>
    Unclear,

    /// <summary>The batch: its size, its name, what is asked for it.</summary>
    Batch,

    /// <summary>The sink as a whole: away, busy, or not letting anybody in.</summary>
    Sink,
}
