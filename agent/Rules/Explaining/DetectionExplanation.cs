namespace ClusterTrail.Rules.Explaining;

/// <summary>What a detection says of one event, and why.</summary>
/// <param name="Why">Empty when it fires.</param>
readonly record struct DetectionExplanation(Verdict Verdict, string Why);
