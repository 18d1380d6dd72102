namespace ClusterTrail.Operator.Judging;

/// <summary>Sums of counters that agents report: at most what a counter can hold, whatever they are. Pure.</summary>
static class Saturating
{
    public static long Add(long one, long two)
    {
        var sum = unchecked(one + two);
        // Both have one sign, and the sum has the other.
        return ((one ^ sum) & (two ^ sum)) >= 0 ? sum : one < 0 ? long.MinValue : long.MaxValue;
    }

    public static long Sum(IEnumerable<long> counts) => counts.Aggregate(0L, Add);
}
