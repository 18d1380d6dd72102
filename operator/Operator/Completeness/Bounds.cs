namespace ClusterTrail.Operator.Completeness;

/// <summary>A number of which is known that it is not below one and not above another.</summary>
readonly record struct Bounds(long Least, long Most)
{
    /// <summary>How much is not known of it.</summary>
    public long Width => Most - Least;
}
