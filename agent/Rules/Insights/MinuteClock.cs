using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Insights;

/// <summary>Follows the minutes of event time, whatever the events' clocks do.</summary>
/// <remarks>
/// An event a little late counts in the current minute. One that is further away than <see cref="StrayMinutes"/> is a stray; so many
/// strays in a row are no strays: the clock jumped, or there is a gap, and the minute that they have begins in the middle.
/// </remarks>
sealed class MinuteClock
{
    public const int StrayMinutes = 10;
    public const int StraysInARow = 64;

    // Up to the minute: 2026-11-27T07:15
    const int TextLength = 16;

    readonly byte[] text = new byte[TextLength];
    int straysInARow;
    bool isResumed;
    bool isWhole;

    /// <summary>The minute that is counted now; null before the first event.</summary>
    public Minute? Current { get; private set; }

    /// <summary>After <see cref="ClockStep.Next"/>: the minute that is over, if there was one.</summary>
    public Minute? Ended { get; private set; }

    /// <summary>Whether all events of that were seen.</summary>
    public bool EndedWhole { get; private set; }

    /// <summary>How many events were ignored as strays, or had no time.</summary>
    public long Strays { get; private set; }

    /// <summary>Goes on after a restart: events up to this minute have been counted.</summary>
    public void Resume(Minute last) => (Current, isResumed) = (last, true);

    public ClockStep Take(ReadOnlySpan<byte> time)
    {
        if (time.Length > TextLength && time[..TextLength].SequenceEqual(text) && time[^1] == (byte)'Z' && !isResumed)
        {
            straysInARow = 0;
            return ClockStep.Same;
        }

        if (EventTime.Parse(time) is not { } parsed)
        {
            Strays++;
            return ClockStep.Ignored;
        }

        var step = Take(Minute.Of(parsed));
        if (step == ClockStep.Next && time[^1] == (byte)'Z')
        {
            time[..TextLength].CopyTo(text);
        }

        return step;
    }

    ClockStep Take(Minute minute)
    {
        if (Current is not { } current)
            return Begin(minute, ended: null, isWholeNow: false);
        var minutes = minute.Number - current.Number;
        if (Math.Abs(minutes) > StrayMinutes && ++straysInARow < StraysInARow)
        {
            Strays++;
            return ClockStep.Ignored;
        }

        if (Math.Abs(minutes) > StrayMinutes)
            return Begin(minute, isResumed ? null : current, isWholeNow: false);
        straysInARow = 0;
        return minutes > 0 ? Begin(minute, isResumed ? null : current, isWholeNow: !isResumed)
            : isResumed ? ClockStep.Ignored : ClockStep.Same;
    }

    ClockStep Begin(Minute minute, Minute? ended, bool isWholeNow)
    {
        (Ended, EndedWhole) = (ended, isWhole && straysInARow == 0);
        (Current, isWhole, isResumed, straysInARow) = (minute, isWholeNow, false, 0);
        Array.Clear(text);
        return ClockStep.Next;
    }
}
