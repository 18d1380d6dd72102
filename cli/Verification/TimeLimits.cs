namespace ClusterTrail.Verification;

/// <summary>Sums of times that anybody may have written: what is beyond the calendar is its end.</summary>
public static class TimeLimits
{
    public static DateTimeOffset AddSafely(this DateTimeOffset time, TimeSpan span)
    {
        var ticks = Math.Clamp(time.UtcTicks + span.Ticks, DateTimeOffset.MinValue.UtcTicks, DateTimeOffset.MaxValue.UtcTicks);
        return new(ticks, TimeSpan.Zero);
    }
}
