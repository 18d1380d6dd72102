using System.Globalization;
using ClusterTrail.History.Reading;

namespace ClusterTrail.Kubectl.Shared;

/// <summary>A time as people write it: absolute, or so long ago. Without a zone it is UTC.</summary>
/// <param name="now">What "ago" counts from.</param>
sealed class TimeText(DateTimeOffset now)
{
    const double MostDays = 36_500;

    static readonly string[] Formats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss",
        "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'",
        "yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];

    /// <exception cref="TrailException">It is no time.</exception>
    internal DateTimeOffset? Parse(string option, string? text) => text is null ? null
        : Named(text) ?? Ago(text) ?? Absolute(text)
        ?? throw new TrailException(
            ExitCode.BadUsage,
            $"{option} {text} is no time; give one like 2026-03-01, 2026-03-01T10:00:00Z, 2h, 7d, today or yesterday. Times are UTC.");

    /// <summary>So many seconds, minutes, hours, days or weeks: <c>90s</c>, <c>15m</c>, <c>2h</c>, <c>7d</c>, <c>2w</c>.</summary>
    internal static TimeSpan? Duration(string text)
    {
        if (text.Length < 2
            || !double.TryParse(text.AsSpan(..^1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count))
            return null;
        var days = text[^1] switch
        {
            's' => count / 86_400,
            'm' => count / 1440,
            'h' => count / 24,
            'd' => count,
            'w' => count * 7,
            _ => double.NaN,
        };
        return days <= MostDays ? TimeSpan.FromDays(days) : null;
    }

    DateTimeOffset? Named(string text) => text switch
    {
        "now" => now,
        "today" => Midnight,
        "yesterday" => Midnight.AddDays(-1),
        _ => null,
    };

    DateTimeOffset Midnight => new(now.UtcDateTime.Date, TimeSpan.Zero);

    DateTimeOffset? Ago(string text) => Duration(text) is { } duration ? now - duration : null;

    static DateTimeOffset? Absolute(string text)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, Utc, out var time) ? time : null;
    }
}
