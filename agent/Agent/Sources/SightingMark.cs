namespace ClusterTrail.Agent.Sources;

/// <summary>Why a file that was seen is not to be read.</summary>
enum SightingMark
{
    /// <summary>It was there when a source began at its log's end.</summary>
    Skipped,

    /// <summary>It cannot be read for what it is, which was told.</summary>
    Told,
}
