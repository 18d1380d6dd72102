namespace ClusterTrail.Rules.Insights;

/// <summary>Something of a user that was not seen in the last 90 days.</summary>
/// <param name="What">The network, the family, or verb and kind.</param>
/// <param name="Minute">The minute of the event.</param>
sealed record FirstSeenInsight(FirstSeenKind Kind, string User, string What, Minute Minute);
