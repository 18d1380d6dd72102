namespace ClusterTrail.WebConsole.Queries;

/// <summary>A span of time cut into slices of one round length.</summary>
/// <param name="From">A multiple of the width since year 1.</param>
/// <param name="Width">Of a slice.</param>
/// <param name="Count">How many there are.</param>
sealed record TimeSlices(DateTime From, TimeSpan Width, int Count)
{
    internal const int Most = 72;

    static readonly TimeSpan[] Widths =
    [
        .. new[] { 1, 10, 100 }.Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds)),
        .. new[] { 1, 2, 5, 10, 30 }.Select(seconds => TimeSpan.FromSeconds(seconds)),
        .. new[] { 1, 2, 5, 10, 30 }.Select(minutes => TimeSpan.FromMinutes(minutes)),
        .. new[] { 1, 2, 4, 12 }.Select(hours => TimeSpan.FromHours(hours)),
        .. new[] { 1, 2, 7, 28, 91, 364, 3640, 36_400 }.Select(days => TimeSpan.FromDays(days)),
    ];

    /// <summary>The finest that has not more slices than can be told apart.</summary>
    internal static TimeSlices Of(DateTime since, DateTime until)
    {
        var width = Widths.FirstOrDefault(width => Math.Ceiling((until - since) / width) < Most, Widths[^1]);
        var from = new DateTime(since.Ticks - (since.Ticks % width.Ticks), DateTimeKind.Utc);
        return new(from, width, Math.Clamp((int)Math.Ceiling((until - from) / width), 1, Most));
    }

    internal DateTime Begin(int slice) => From + (Width * slice);

    /// <summary>Where the slice ends; the end of all time does not move.</summary>
    internal DateTime End(int slice) =>
        DateTime.MaxValue - Begin(slice) > Width ? Begin(slice) + Width : DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc);
}
