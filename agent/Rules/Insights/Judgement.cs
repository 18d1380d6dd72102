namespace ClusterTrail.Rules.Insights;

/// <summary>What a minute is, seen by what is usual.</summary>
/// <param name="Expected">The baseline, a minute.</param>
/// <param name="Observed">Of the window with the highest score, a minute.</param>
/// <param name="Score">How many standard deviations that is above the baseline.</param>
/// <param name="Minutes">The window's length.</param>
/// <param name="IsElevated">Whether the last minute alone is above it.</param>
readonly record struct Judgement(float Expected, float Observed, float Score, int Minutes, bool IsElevated)
{
    public float Ratio => Observed / Expected;
}
