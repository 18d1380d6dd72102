namespace ClusterTrail.Agent.Records;

/// <summary>What became of a line.</summary>
enum Recorded
{
    NotSelected,
    Event,
    Unparsable,
    Oversized,
}
