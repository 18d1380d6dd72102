using System.Globalization;

namespace ClusterTrail.Telemetry;

/// <summary>One label of a series, as the text formats show it.</summary>
public readonly record struct Label(string Name, string Value)
{
    /// <summary>The labels of a measurement's tags, by name.</summary>
    public static Label[] Of(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new Label[tags.Length];
        for (var i = 0; i < tags.Length; i++)
            labels[i] = new(MetricName.Label(tags[i].Key), Text(tags[i].Value));
        Array.Sort(labels, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return labels;
    }

    static string Text(object? value) => value is bool truth
        ? truth ? "true" : "false"
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
