namespace ClusterTrail.Rules.Events;

/// <summary>Times as audit events write them (metav1.MicroTime): RFC 3339, and nothing else that could be taken for a time.</summary>
static class EventTime
{
    const int ZoneBegins = 19;
    const int OffsetLength = 6;

    /// <summary>Reads a time; null when it is not one, or not one of the years 1 to 9999 in UTC.</summary>
    public static DateTimeOffset? Parse(ReadOnlySpan<byte> text)
    {
        if (text.Length <= ZoneBegins || LocalTicks(text[..ZoneBegins]) is not { } local)
            return null;
        var (fraction, length) = Fraction(text[ZoneBegins..]);
        if (fraction < 0 || OffsetTicks(text[(ZoneBegins + length)..]) is not { } offset)
            return null;
        var ticks = local + fraction - offset;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks ? new(ticks, TimeSpan.Zero) : null;
    }

    static long? LocalTicks(ReadOnlySpan<byte> text)
    {
        if (text[4] != '-' || text[7] != '-' || (text[10] | 0x20) != 't' || text[13] != ':' || text[16] != ':')
            return null;
        var (year, month, day) = (Number(text[..4]), Number(text[5..7]), Number(text[8..10]));
        var (hour, minute, second) = (Number(text[11..13]), Number(text[14..16]), Number(text[17..]));
        var isDay = year >= 1 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);
        return isDay && hour is >= 0 and < 24 && minute is >= 0 and < 60 && second is >= 0 and < 60
            ? new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks
            : null;
    }

    // Digits beyond a tick are dropped. A point without digits is -1.
    static (long Ticks, int Length) Fraction(ReadOnlySpan<byte> text)
    {
        if (text[0] != '.')
            return (0, 0);
        var (ticks, unit, length) = (0L, TimeSpan.TicksPerSecond, 1);
        for (; length < text.Length && char.IsAsciiDigit((char)text[length]); length++)
        {
            unit /= 10;
            ticks += (text[length] - '0') * unit;
        }

        return (length > 1 ? ticks : -1, length);
    }

    static long? OffsetTicks(ReadOnlySpan<byte> text)
    {
        if (text.Length == 1 && (text[0] | 0x20) == 'z')
            return 0;
        if (text.Length != OffsetLength || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':')
            return null;
        var (hours, minutes) = (Number(text[1..3]), Number(text[4..]));
        if (hours is < 0 or > 23 || minutes is < 0 or > 59)
            return null;
        var ticks = (hours * TimeSpan.TicksPerHour) + (minutes * TimeSpan.TicksPerMinute);
        return text[0] == '-' ? -ticks : ticks;
    }

    static int Number(ReadOnlySpan<byte> digits)
    {
        var number = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit))
                return -1;
            number = (number * 10) + digit - '0';
        }

        return number;
    }
}
