namespace ClusterTrail.Rules.Insights;

/// <summary>A minute of a rate, to be drawn.</summary>
/// <param name="Rate">Events in it.</param>
/// <param name="Usual">The baseline; null while too little is known to judge.</param>
/// <param name="Unusual">From so many on it would be unusual by itself.</param>
readonly record struct RateMinute(Minute Minute, float Rate, float? Usual, float? Unusual);
