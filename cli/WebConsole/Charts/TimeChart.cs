using System.Globalization;
using ClusterTrail.WebConsole.Html;
using ClusterTrail.WebConsole.Queries;

namespace ClusterTrail.WebConsole.Charts;

/// <summary>A histogram over time as SVG: each bar is a link to its time.</summary>
static class TimeChart
{
    const int Width = 1080, Height = 120;

    /// <param name="histogram">What to draw.</param>
    /// <param name="addressOf">The page of a time, since and until.</param>
    internal static Element Draw(Histogram histogram, Func<DateTime, DateTime, Address> addressOf)
    {
        var most = Math.Max(1, histogram.Counts.Max(count => count.All));
        var slices = histogram.Slices;
        var bars = histogram.Counts.Index().Where(one => one.Item.All > 0)
            .Select(one => Bar(slices, one.Index, one.Item, most, addressOf(slices.Begin(one.Index), slices.End(one.Index))));
        var svg = new Element("svg", [new Element("g", [.. Lines(), .. bars])])
            .With("viewBox", $"0 0 {Width} {Height + 1}")
            .With("role", "group")
            .With("aria-label", $"Records over time, a bar for {TimeFormat.Duration(slices.Width)}")
            .Class("chart");
        return new Element(
            "figure", Tags.Link("#after-chart", "Skip the bars").Class("skip-inline"),
            new Element("div", Count(most), new Element("span", "0")).Class("chart-scale").With("aria-hidden", "true"),
            svg, Axis(slices), Legend(histogram)).Class("chart-box");
    }

    static Element Count(long count) => new("span", Tags.Number(count));

    static IEnumerable<Markup> Lines() => from share in (int[])[0, 1, 2]
                                          let y = $"{Height * share / 2}"
                                          select (Markup)new Element("line").With("x1", "0").With("x2", $"{Width}")
                                              .With("y1", y).With("y2", y).Class("grid");

    static Element Bar(TimeSlices slices, int at, SliceCount count, long most, Address address)
    {
        var plain = count.All - count.Failed - count.Findings;
        var label = $"{TimeFormat.Short(slices.Begin(at))} to {TimeFormat.Short(slices.End(at))}: {Tags.Counted(count.All, "record")}"
            + (count.Failed > 0 ? $", {Tags.Number(count.Failed)} failed" : "")
            + (count.Findings > 0 ? $", {Tags.Counted(count.Findings, "finding")}" : "");
        var parts = new List<Markup> { new Element("title", label), Column(slices, at, 0, Height, "reach") };
        var bottom = (double)Height;
        foreach (var (share, kind) in new[] { (plain, "plain"), (count.Failed, "failed"), (count.Findings, "finding") })
        {
            if (share <= 0)
                continue;
            // What is there shows, however much more there is elsewhere.
            var height = Math.Min(bottom, Math.Max(2, (double)share / most * Height));
            bottom -= height;
            parts.Add(Column(slices, at, bottom, height, kind));
        }

        return new Element("a", parts).With("href", $"{address}").With("aria-label", label);
    }

    static Element Column(TimeSlices slices, int at, double y, double height, string kind)
    {
        var step = (double)Width / slices.Count;
        var gap = Math.Min(2, step / 5);
        return new Element("rect").With("x", Length((step * at) + (gap / 2))).With("y", Length(y))
            .With("width", Length(step - gap)).With("height", Length(height)).Class(kind);
    }

    static string Length(double length) => length.ToString("0.##", CultureInfo.InvariantCulture);

    static Element Axis(TimeSlices slices) => new Element(
        "div",
        [.. new[] { 0, slices.Count / 2, slices.Count }.Select(at => (Markup)new Element("span", TimeFormat.Short(slices.Begin(at))))])
        .Class("chart-axis").With("aria-hidden", "true");

    static Element Legend(Histogram histogram) => new Element(
        "figcaption",
        Key("plain", "records"), Key("failed", "failed requests"), Key("finding", "findings"),
        new Element("span", $"a bar is {TimeFormat.Duration(histogram.Slices.Width)}; choose one to see its time"))
        .With("id", "after-chart");

    static Element Key(string kind, string text) => new Element("span", new Element("span").Class($"key {kind}"), text).Class("legend");
}
