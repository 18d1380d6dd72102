namespace ClusterTrail.Rules.Insights;

/// <summary>A minute of event time, in UTC.</summary>
/// <param name="Number">Minutes since the year 1.</param>
readonly record struct Minute(long Number)
{
    const int OfHour = 60;
    const int OfDay = 24 * OfHour;

    // Of the year 9999.
    static readonly long Last = DateTime.MaxValue.Ticks / TimeSpan.TicksPerMinute;

    public static Minute Of(DateTimeOffset time) => new(time.UtcTicks / TimeSpan.TicksPerMinute);

    /// <summary>The minutes beyond the years 1 and 9999 begin where those do.</summary>
    public DateTimeOffset Start => new(Math.Clamp(Number, 0, Last) * TimeSpan.TicksPerMinute, TimeSpan.Zero);

    public DateTimeOffset End => Plus(1).Start;

    public long Day => Number / OfDay;

    /// <summary>0 is the first hour of a Monday: the year 1 began with one.</summary>
    public int HourOfWeek => (int)(Number / OfHour % Method.HoursOfWeek);

    public int HourOfDay => HourOfWeek % 24;

    public int MinuteOfHour => (int)(Number % OfHour);

    public bool EndsHour => MinuteOfHour == OfHour - 1;

    /// <summary>The last one of a day.</summary>
    public static Minute LastOf(long day) => new(((day + 1) * OfDay) - 1);

    public bool EndsDay => Number % OfDay == OfDay - 1;

    public bool IsWeekend => Day % 7 >= 5;

    public Minute PlusDays(int days) => new(Number + (days * OfDay));

    public Minute Plus(int minutes) => new(Number + minutes);
}
