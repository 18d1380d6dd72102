namespace ClusterTrail.Telemetry;

/// <summary>One series at one moment: a number, or a histogram.</summary>
public sealed record MetricPoint(IReadOnlyList<Label> Labels, double Value, HistogramValue? Histogram = null)
{
    /// <summary>Orders the points of a family, so that two pages can be compared line by line.</summary>
    public static int Compare(MetricPoint a, MetricPoint b)
    {
        for (var i = 0; i < Math.Min(a.Labels.Count, b.Labels.Count); i++)
        {
            var order = string.CompareOrdinal(a.Labels[i].Name, b.Labels[i].Name);
            if (order == 0)
                order = string.CompareOrdinal(a.Labels[i].Value, b.Labels[i].Value);
            if (order != 0)
                return order;
        }
        return a.Labels.Count - b.Labels.Count;
    }
}
