using System.Text;

namespace ClusterTrail.Telemetry.Exposition;

/// <summary>From OpenTelemetry's names to Prometheus's, by the rules of OpenTelemetry's Prometheus compatibility specification.</summary>
public static class MetricName
{
    const string Total = "_total";

    /// <summary>
    /// The family's name: <c>clustertrail.upload.duration</c> in <c>s</c> is <c>clustertrail_upload_duration_seconds</c>.
    /// </summary>
    public static string Family(string instrument, string? unit)
    {
        var name = Clean(instrument);
        if (name.EndsWith(Total, StringComparison.Ordinal))
            name = name[..^Total.Length];
        var word = UnitWord(unit);
        return word.Length == 0 || name.Split('_').Contains(word) ? name : $"{name}_{word}";
    }

    public static string Label(string tag) => Clean(tag).Replace(':', '_');

    // A unit in braces, such as {event}, is a remark for the reader and no part of the name.
    static string UnitWord(string? unit) => unit switch
    {
        null or "" or "1" => "",
        "s" => "seconds",
        "ms" => "milliseconds",
        "By" => "bytes",
        _ when unit.StartsWith('{') => "",
        _ => Clean(unit),
    };

    static string Clean(string name)
    {
        var clean = new StringBuilder(name.Length + 1);
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
            clean.Append('_');
        foreach (var c in name)
            if (char.IsAsciiLetterOrDigit(c) || c == ':')
                clean.Append(c);
            else if (clean.Length == 0 || clean[^1] != '_')
                clean.Append('_');
        return clean.ToString();
    }
}
