using System.Globalization;

namespace ClusterTrail.Testing.Nodes;

/// <summary>How Kubernetes writes times and names.</summary>
static class Texts
{
    // Kubernetes leaves out what could spell a word.
    const string Letters = "bcdfghjklmnpqrstvwxz2456789";

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string MicroTime(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public static string Suffix(Random chance) => string.Create(5, chance, (text, chance) =>
    {
        for (var at = 0; at < text.Length; at++)
            text[at] = Letters[chance.Next(Letters.Length)];
    });

    /// <summary>As Go prints it: <c>10s</c>, <c>2m40s</c>.</summary>
    public static string Duration(TimeSpan span) =>
        span.TotalMinutes < 1 ? $"{span.Seconds}s" : $"{(int)span.TotalMinutes}m{span.Seconds}s";

    /// <summary>As Go prints them: each in double quotes.</summary>
    public static string Quoted(IEnumerable<string> texts) => string.Join(", ", texts.Select(text => $"\"{text}\""));
}
