using System.Globalization;
using System.Text;

namespace ClusterTrail.Telemetry;

/// <summary>Writes metrics as OpenMetrics 1.0 or as Prometheus text 0.0.4.</summary>
public sealed class Exposition
{
    readonly StringBuilder page = new();
    readonly bool openMetrics;

    Exposition(ExpositionFormat format) => openMetrics = format == ExpositionFormat.OpenMetrics;

    public static string Write(IEnumerable<MetricFamily> families, ExpositionFormat format)
    {
        var exposition = new Exposition(format);
        foreach (var family in families)
            exposition.WriteFamily(family);
        if (exposition.openMetrics)
            exposition.page.Append("# EOF\n");
        return exposition.page.ToString();
    }

    void WriteFamily(MetricFamily family)
    {
        var sample = family.Kind == MetricKind.Counter ? family.Name + "_total" : family.Name;
        WriteHead(family, openMetrics ? family.Name : sample);
        foreach (var point in family.Points)
            if (point.Histogram is { } histogram)
                WriteHistogram(family.Name, point.Labels, histogram);
            else
                WriteSample(sample, point.Labels, point.Value);
    }

    void WriteHead(MetricFamily family, string name)
    {
        page.Append(CultureInfo.InvariantCulture, $"# HELP {name} ");
        // Prometheus text takes a quote in HELP as it is, OpenMetrics wants it escaped.
        Escape(family.Help, quotes: openMetrics);
        page.Append(CultureInfo.InvariantCulture, $"\n# TYPE {name} {TypeWord(family.Kind)}\n");
        if (openMetrics && family.Unit.Length > 0)
            page.Append(CultureInfo.InvariantCulture, $"# UNIT {name} {family.Unit}\n");
    }

    void WriteHistogram(string name, IReadOnlyList<Label> labels, HistogramValue histogram)
    {
        for (var i = 0; i < histogram.Counts.Count; i++)
        {
            var bound = i < histogram.Bounds.Count ? histogram.Bounds[i] : double.PositiveInfinity;
            WriteSample(name + "_bucket", [.. labels, new("le", BoundText(bound))], histogram.Counts[i]);
        }
        WriteSample(name + "_sum", labels, histogram.Sum);
        WriteSample(name + "_count", labels, histogram.Count);
    }

    void WriteSample(string name, IReadOnlyList<Label> labels, double value)
    {
        page.Append(name);
        for (var i = 0; i < labels.Count; i++)
        {
            page.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"");
            Escape(labels[i].Value, quotes: true);
            page.Append('"');
        }
        page.Append(labels.Count > 0 ? "} " : " ").Append(NumberText(value)).Append('\n');
    }

    void Escape(string text, bool quotes)
    {
        foreach (var c in text)
            _ = c switch
            {
                '\\' => page.Append(@"\\"),
                '\n' => page.Append(@"\n"),
                '"' when quotes => page.Append("\\\""),
                _ => page.Append(c),
            };
    }

    static string TypeWord(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Gauge => "gauge",
        _ => "histogram",
    };

    static string NumberText(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    // OpenMetrics wants 1.0, not 1. Both formats get it: a series must not change its name with the format.
    static string BoundText(double bound)
    {
        var text = NumberText(bound);
        return text.All(c => char.IsAsciiDigit(c) || c == '-') ? text + ".0" : text;
    }
}
