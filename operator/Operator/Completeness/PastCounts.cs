namespace ClusterTrail.Operator.Completeness;

/// <summary>What API servers had counted at earlier looks, by a clock that nobody sets.</summary>
sealed class PastCounts(TimeProvider time)
{
    static readonly TimeSpan Kept = 2 * ComparedSource.UntilSent;

    readonly List<(long At, IReadOnlyDictionary<ApiServer, CountsAnswer> Made)> looks = [];

    /// <summary>The newest that are at least so old; null if there are none.</summary>
    public IReadOnlyDictionary<ApiServer, CountsAnswer>? Before(TimeSpan age) =>
        looks.LastOrDefault(look => time.GetElapsedTime(look.At) >= age).Made;

    public void Add(IReadOnlyDictionary<ApiServer, CountsAnswer> made)
    {
        looks.Add((time.GetTimestamp(), made));
        looks.RemoveAll(look => time.GetElapsedTime(look.At) > Kept);
    }

    public void Clear() => looks.Clear();
}
