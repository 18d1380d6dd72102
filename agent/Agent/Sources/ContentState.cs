namespace ClusterTrail.Agent.Sources;

/// <summary>What is to be done with a file in the log's folder.</summary>
enum ContentState
{
    /// <summary>It is to be looked into.</summary>
    Unknown,

    /// <summary>It is to be read, when fewer files are open.</summary>
    Wanted,

    /// <summary>It is open.</summary>
    Open,

    /// <summary>There is nothing new in it.</summary>
    Known,

    /// <summary>It cannot be read, or is not the log's.</summary>
    Unread,
}
