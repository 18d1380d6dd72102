using System.Globalization;

namespace ClusterTrail.WebConsole.Html;

/// <summary>Times as pages show and link them. All are UTC.</summary>
static class TimeFormat
{
    static readonly string[] Formats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm'Z'",
        "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss",
        "yyyy-MM-dd HH:mm:ss.FFFFFFF",
    ];

    /// <summary>As it is read by people: <c>2026-03-01 12:00:01.5</c>.</summary>
    internal static string Shown(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture);

    /// <summary>To the second.</summary>
    internal static string Short(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>As an address has it: <c>2026-03-01T12:00:01.5Z</c>.</summary>
    internal static string Exact(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    internal static DateTime? Parse(string text)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTime.TryParseExact(text.Trim(), Formats, CultureInfo.InvariantCulture, Utc, out var time) ? time : null;
    }

    /// <summary>Such as <c>5 min</c>.</summary>
    internal static string Duration(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.###} s"),
        { TotalMinutes: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMinutes:0.#} min"),
        { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalHours:0.#} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalDays:0.#} days"),
    };
}
