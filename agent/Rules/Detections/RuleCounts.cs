namespace ClusterTrail.Rules.Detections;

/// <summary>What a rule said of the events that it is about.</summary>
/// <param name="IsEvaluable">Whether any was judged, one way or the other.</param>
/// <param name="NotEvaluable">Not to be judged: something is missing in them.</param>
/// <param name="Evicted">Bursts in the making that were forgotten for others.</param>
/// <param name="Failed">Not evaluated, by an error of our own.</param>
/// <param name="Failure">The last such error.</param>
/// <param name="Cut">Of those not to be judged, how many were too long, nested too deep or not UTF-8: no audit policy changes that.</param>
readonly record struct RuleCounts(
    bool IsEvaluable, long NotEvaluable, long Evicted, long Failed = 0, Exception? Failure = null, long Cut = 0)
{
    /// <summary>The same, for those who rather end than go on without a rule.</summary>
    /// <param name="rule">Its name.</param>
    public RuleCounts ThrowIfFailed(string rule) =>
        Failure is null
            ? this
            : throw new InvalidOperationException(
                $"The rule {rule} could not be evaluated, because of an internal error of ClusterTrail: {Failure.Message}", Failure);
}
