namespace ClusterTrail.Agent.Sources.Feeds;

/// <summary>What the follower of a feed reports.</summary>
interface IFeedLog
{
    /// <summary>The store or stream answered.</summary>
    void Answered();

    /// <summary>Lines are in the journal.</summary>
    void Stored(FeedCounts counts);

    /// <summary>An object or message is whole in the journal.</summary>
    /// <param name="at">When it was written.</param>
    void Read(DateTimeOffset at);

    /// <summary>An object does not exist any more.</summary>
    void Gone(string name, string reason);

    /// <summary>An object could not be read.</summary>
    /// <param name="isAside">Whether it was tried so often that it is set aside.</param>
    void Failed(string name, string reason, bool isAside);

    /// <summary>How many objects are tried again, how many of them are set aside, and what is wrong with one of them.</summary>
    void Failing(int count, int aside, string? first);

    /// <summary>All objects were examined.</summary>
    void Passed(long late, long missed);

    /// <summary>The stream removed messages before they were read.</summary>
    void Expired(string partition, long messages);

    /// <summary>A stream of the same name was made anew, and is read from its beginning.</summary>
    void Replaced(string partition);

    /// <summary>A message of the queue is none that was expected.</summary>
    void NotUnderstood();
}
