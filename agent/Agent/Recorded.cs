namespace ClusterTrail.Agent;

/// <summary>What became of a line.</summary>
enum Recorded
{
    NotSelected,
    Event,
    Unparsable,
}
