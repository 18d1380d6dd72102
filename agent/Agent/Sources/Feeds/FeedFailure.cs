namespace ClusterTrail.Agent.Sources.Feeds;

/// <summary>What cannot be read.</summary>
enum FeedFailure
{
    /// <summary>Nothing of the store or stream.</summary>
    Store,

    /// <summary>This object; others may be.</summary>
    Object,

    /// <summary>What this object holds: it says nothing of others.</summary>
    Damaged,

    /// <summary>This object, as it does not exist any more, or was replaced.</summary>
    Gone,

    /// <summary>The stream, as another reader took it over.</summary>
    TakenOver,
}
