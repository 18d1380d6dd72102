using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Detections;

/// <summary>A rule fired.</summary>
/// <param name="Rule">The rule's place in its set.</param>
/// <param name="Events">How many events made it: one, or a threshold's count.</param>
/// <param name="Evidence">Where they stand: the first few, and the last.</param>
readonly record struct Finding(int Rule, int Events, Position[] Evidence);
