namespace ClusterTrail.Verification.Heads;

/// <summary>When an operator anchored a head.</summary>
/// <param name="Interval">How long it lets pass at most, while the chain grows, until it anchors the next one.</param>
public readonly record struct Anchoring(DateTimeOffset At, TimeSpan Interval);
