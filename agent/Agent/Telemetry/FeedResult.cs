namespace ClusterTrail.Agent.Telemetry;

/// <summary>What became of an object, or message, of a feed.</summary>
enum FeedResult
{
    /// <summary>It is on disk.</summary>
    Read,

    /// <summary>It could not be read this time.</summary>
    Failed,

    /// <summary>It was tried so often that it is set aside.</summary>
    Aside,

    /// <summary>It was removed before it was read.</summary>
    Gone,

    /// <summary>It was found late, and read.</summary>
    Late,

    /// <summary>It appeared later than the lateness, and is not read.</summary>
    Missed,
}
