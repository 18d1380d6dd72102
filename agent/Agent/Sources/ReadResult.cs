namespace ClusterTrail.Agent.Sources;

/// <summary>What reading from a file came to.</summary>
enum ReadResult
{
    /// <summary>A line.</summary>
    Line,

    /// <summary>The file's end, for now.</summary>
    End,

    /// <summary>The file was truncated or overwritten: it is another one now.</summary>
    Changed,
}
