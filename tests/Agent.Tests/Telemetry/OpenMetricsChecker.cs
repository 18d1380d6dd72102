using System.Globalization;
using System.Text.RegularExpressions;

namespace ClusterTrail.Agent.Tests.Telemetry;

/// <summary>A strict reader of the part of OpenMetrics 1.0 that the agent writes; it throws at the first mistake.</summary>
sealed partial class OpenMetricsChecker
{
    readonly HashSet<string> families = [];
    readonly HashSet<string> series = [];
    readonly Dictionary<string, double> buckets = [];
    readonly Dictionary<string, double> counts = [];
    string family = "", type = "", lastMetadata = "";

    public static void Check(string page)
    {
        Assert.EndsWith("\n# EOF\n", page);
        var checker = new OpenMetricsChecker();
        foreach (var line in page[..^"# EOF\n".Length].TrimEnd('\n').Split('\n'))
            checker.CheckLine(line);
        Assert.Equal(checker.buckets.OrderBy(histogram => histogram.Key), checker.counts.OrderBy(histogram => histogram.Key));
    }

    void CheckLine(string line)
    {
        if (line.StartsWith('#'))
            CheckMetadata(line);
        else
            CheckSample(line);
    }

    void CheckMetadata(string line)
    {
        var match = Metadata.Match(line);
        Assert.True(match.Success, $"No metadata: {line}");
        var (keyword, name, text) = (match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value);
        if (keyword == "HELP")
            Assert.True(families.Add(family = name), $"A family appears twice: {line}");
        Assert.Equal(family, name);
        Assert.Equal(keyword switch { "HELP" => "", "TYPE" => "HELP", _ => "TYPE" }, keyword == "HELP" ? "" : lastMetadata);
        lastMetadata = keyword;
        if (keyword == "TYPE")
            Assert.Contains(type = text, (string[])["counter", "gauge", "histogram"]);
        if (keyword == "UNIT")
            Assert.EndsWith("_" + text, name);
    }

    void CheckSample(string line)
    {
        var match = Sample.Match(line);
        Assert.True(match.Success, $"No sample: {line}");
        var (name, labels, number) = (match.Groups[1].Value, match.Groups[2].Value, Number(match.Groups[3].Value));
        Assert.Contains(name, Names());
        Assert.True(series.Add(name + labels), $"A series appears twice: {line}");
        var labelNames = LabelName.Matches(labels).Select(label => label.Groups[1].Value).ToList();
        Assert.Equal(labelNames.Distinct(), labelNames);
        if (type != "gauge")
            Assert.True(number >= 0 || double.IsNaN(number), $"Negative: {line}");
        if (type == "histogram")
            CheckHistogram(name, labels, number);
    }

    string[] Names() => type switch
    {
        "counter" => [family + "_total"],
        "histogram" => [family + "_bucket", family + "_sum", family + "_count"],
        _ => [family],
    };

    void CheckHistogram(string name, string labels, double number)
    {
        var others = family
            + Bound.Replace(labels, "").Replace(",}", "}", StringComparison.Ordinal).Replace("{}", "", StringComparison.Ordinal);
        if (name.EndsWith("_bucket", StringComparison.Ordinal))
        {
            Assert.Matches("""le="(\d+\.\d+|\+Inf)"\}$""", labels);
            Assert.True(number >= buckets.GetValueOrDefault(others), $"Buckets fall: {name}{labels}");
            buckets[others] = number;
        }
        if (name.EndsWith("_count", StringComparison.Ordinal))
            counts[others] = number;
    }

    static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex("""^# (HELP|TYPE|UNIT) ([a-zA-Z_:][a-zA-Z0-9_:]*) ((?:[^\\"]|\\[\\n"])*)$""")]
    static partial Regex Metadata { get; }

    [GeneratedRegex("""
        ^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-zA-Z_]\w*="(?:[^\\"]|\\[\\n"])*"(?:,[a-zA-Z_]\w*="(?:[^\\"]|\\[\\n"])*")*\})? (-?\d+(?:\.\d+)?(?:[Ee][+-]\d+)?|NaN|[+-]Inf)$
        """)]
    static partial Regex Sample { get; }

    [GeneratedRegex("""[{,]([a-zA-Z_]\w*)="(?:[^\\"]|\\[\\n"])*(?=")""")]
    static partial Regex LabelName { get; }

    [GeneratedRegex("""le="[^"]*"(?=\}$)""")]
    static partial Regex Bound { get; }
}
