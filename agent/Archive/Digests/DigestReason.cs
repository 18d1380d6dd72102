namespace ClusterTrail.Archive.Digests;

/// <summary>Why a digest was sealed.</summary>
public enum DigestReason
{
    /// <summary>The agent started, or began to record again.</summary>
    Start,

    /// <summary>Its period was over.</summary>
    Period,

    /// <summary>The agent stops recording: nothing follows until it starts again.</summary>
    Stop,
}
