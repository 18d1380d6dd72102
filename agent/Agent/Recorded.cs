namespace ClusterTrail.Agent;

/// <summary>What became of a line.</summary>
enum Recorded
{
    NotSelected,
    Event,

    /// <summary>It is counted in a row, together with others.</summary>
    Aggregated,
    Unparsable,
}
