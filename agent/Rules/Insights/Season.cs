using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ClusterTrail.Rules.Insights;

/// <summary>What a rate was in each hour of the week, of the last two weeks.</summary>
struct Season
{
    Hours codes;

    [UnscopedRef]
    public Span<ushort> Codes => codes;

    public void Reset() => codes = default;

    /// <summary>Notes the median of an hour that is over.</summary>
    public void Learn(Minute last, float median)
    {
        var hour = Of(last.HourOfWeek);
        hour[1] = hour[0];
        hour[0] = LogCode.Of(median);
    }

    /// <summary>What is to be expected: nothing before both weeks are known.</summary>
    public float Expected(Minute minute)
    {
        var code = Usual(minute.HourOfWeek);
        if (minute.MinuteOfHour < Method.SeasonEdgeMinutes)
        {
            code = Math.Max(code, Usual(minute.HourOfWeek + Method.HoursOfWeek - 1));
        }
        else if (minute.MinuteOfHour >= 60 - Method.SeasonEdgeMinutes)
        {
            code = Math.Max(code, Usual(minute.HourOfWeek + 1));
        }

        return LogCode.Rate(code);
    }

    // A week with an incident that was not seen as one does not hide the next.
    ushort Usual(int hour) => Of(hour % Method.HoursOfWeek) is var weeks ? Math.Min(weeks[0], weeks[1]) : default;

    [UnscopedRef]
    Span<ushort> Of(int hour) => Codes.Slice(hour * Method.SeasonWeeks, Method.SeasonWeeks);

    [InlineArray(Method.HoursOfWeek * Method.SeasonWeeks)]
    struct Hours
    {
        ushort first;
    }
}
