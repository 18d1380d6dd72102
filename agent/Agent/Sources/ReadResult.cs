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

    /// <summary>Its lines so far are those of another file that is being read: that one first.</summary>
    Waiting,

    /// <summary>The file was truncated or overwritten: it is another one now.</summary>
    Changed,
}
