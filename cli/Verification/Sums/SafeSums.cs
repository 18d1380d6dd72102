namespace ClusterTrail.Verification.Sums;

/// <summary>Sums of times and numbers that anybody may have written: what is beyond the limits of the type is its limit.</summary>
public static class SafeSums
{
    public static DateTimeOffset AddSafely(this DateTimeOffset time, TimeSpan span)
    {
        var ticks = Math.Clamp(time.UtcTicks + span.Ticks, DateTimeOffset.MinValue.UtcTicks, DateTimeOffset.MaxValue.UtcTicks);
        return new(ticks, TimeSpan.Zero);
    }

    /// <summary>Of numbers that are not negative.</summary>
    public static long AddSafely(this long number, long more) => more > long.MaxValue - number ? long.MaxValue : number + more;

    /// <summary>Of numbers that are not negative.</summary>
    public static long SumSafely<T>(this IEnumerable<T> items, Func<T, long> number) =>
        items.Aggregate(0L, (sum, item) => sum.AddSafely(number(item)));
}
