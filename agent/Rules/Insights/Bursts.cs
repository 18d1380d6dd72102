using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ClusterTrail.Rules.Insights;

/// <summary>How far a rate rose at most in each part of each of the last days: what comes on several days is a habit, such as a
/// deployment or a nightly job.</summary>
struct Bursts
{
    const float Steps = 100;
    const int Parts = 4;

    OfParts today;
    OfParts usual;
    OfDays days;

    /// <summary>The days that are over, each part's one after the other; the first of them is the last one.</summary>
    [UnscopedRef]
    public Span<ushort> Days => days;

    /// <summary>The highest of each part of the day that is not over.</summary>
    [UnscopedRef]
    public Span<float> Today => today;

    public void Reset() => (today, usual, days) = (default, default, default);

    /// <summary>The score that a rise must exceed at that time of the day, or 0.</summary>
    public readonly float Usual(Minute minute) =>
        Math.Max(usual[PartOf(minute)], usual[PartOf(minute.Plus(-Method.BurstEdgeMinutes))]);

    public void Note(Minute minute, float score) => today[PartOf(minute)] = Math.Max(today[PartOf(minute)], score);

    /// <summary>A day is over.</summary>
    /// <param name="last">Its last minute.</param>
    public void EndDay(Minute last)
    {
        for (var part = 0; part < Parts; part++)
        {
            var past = Of(part);
            past[..^1].CopyTo(past[1..]);
            past[0] = (ushort)Math.Min(today[part] * Steps, ushort.MaxValue);
        }

        today = default;
        Recall(last);
    }

    /// <summary>Works out what is usual on the day after by <see cref="Days"/>: those that are a weekend too, or are not too.</summary>
    public void Recall(Minute last)
    {
        var isWeekend = last.Plus(1).IsWeekend;
        Span<ushort> ordered = stackalloc ushort[Method.BurstDays];
        for (var part = 0; part < Parts; part++)
        {
            Of(part).CopyTo(ordered);
            for (var day = 0; day < ordered.Length; day++)
            {
                ordered[day] = last.PlusDays(-day).IsWeekend == isWeekend ? ordered[day] : default;
            }

            ordered.Sort();
            usual[part] = ordered[^Method.UsualOnDays] / Steps * Method.BurstMargin;
        }
    }

    [UnscopedRef]
    Span<ushort> Of(int part) => Days.Slice(part * Method.BurstDays, Method.BurstDays);

    static int PartOf(Minute minute) => minute.HourOfDay * Parts / 24;

    [InlineArray(Parts)]
    struct OfParts
    {
        float first;
    }

    [InlineArray(Method.BurstDays * Parts)]
    struct OfDays
    {
        ushort first;
    }
}
