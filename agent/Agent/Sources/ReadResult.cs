namespace ClusterTrail.Agent.Sources;

/// <summary>What reading from a file came to.</summary>
enum ReadResult
{
    /// <summary>A line.</summary>
    Line,

    /// <summary>The file's end, for now.</summary>
    End,

    /// <summary>Enough for one turn, without a line: there is more.</summary>
    Busy,

    /// <summary>It cannot be decompressed further, and has not changed since that was found.</summary>
    Waiting,

    /// <summary>The file was truncated or overwritten: it is another one now.</summary>
    Changed,
}
