using System.Globalization;
using ClusterTrail.Rules.Insights;
using ClusterTrail.WebConsole.Html;

namespace ClusterTrail.WebConsole.Charts;

/// <summary>A rate over time as SVG, in front of the band from what is usual to what would be unusual.</summary>
static class RateChart
{
    const int Width = 1080, Height = 180, MostColumns = 540, MostOfBand = 3;

    /// <param name="minutes">In order; minutes that nobody knows are left out.</param>
    internal static Element Draw(IReadOnlyList<RateMinute> minutes, string what)
    {
        var step = (int)Math.Max(1, (minutes[^1].Minute.Number - minutes[0].Minute.Number + MostColumns) / MostColumns);
        var columns = Columns(minutes, step);
        // A band far above all that happened would make it flat.
        var height = columns.Max(column => Math.Max(column.Rate, column.Usual ?? 0));
        var most = Math.Max(1, columns.Max(column => Math.Max(height, Math.Min(column.Unusual ?? 0, MostOfBand * height))));
        var svg = new Element("svg", [.. Lines(), Band(columns, most), .. Bars(columns, most), Usual(columns, most)])
            .With("viewBox", $"0 0 {Width} {Height + 1}").With("role", "img")
            .With("aria-label", $"{what} a minute, from {Time(minutes[0].Minute.Start)} to {Time(minutes[^1].Minute.End)}").Class("chart");
        return new Element(
            "figure",
            new Element("div", new Element("span", most.ToString("N0", CultureInfo.InvariantCulture)), new Element("span", "0"))
                .Class("chart-scale").With("aria-hidden", "true"),
            svg,
            new Element("div", new Element("span", Time(minutes[0].Minute.Start)), new Element("span", Time(minutes[^1].Minute.End)))
                .Class("chart-axis").With("aria-hidden", "true"),
            new Element(
                "figcaption", Key("plain", $"{what} a minute"), Key("finding", "unusual by itself"), Key("usual-key", "usual"),
                Key("band-key", "from usual to unusual"),
                new Element("span", step == 1 ? "a bar is a minute" : $"a bar is the highest of {step} minutes")))
            .Class("chart-box");
    }

    // Of each step the highest minute, and the lowest that would be unusual.
    static List<Column> Columns(IReadOnlyList<RateMinute> minutes, int step) =>
    [
        .. minutes.GroupBy(minute => (minute.Minute.Number - minutes[0].Minute.Number) / step).Select(group => new Column(
            (double)group.Key * Width * step / (minutes[^1].Minute.Number - minutes[0].Minute.Number + step),
            (double)Width * step / (minutes[^1].Minute.Number - minutes[0].Minute.Number + step),
            group.Max(minute => minute.Rate), group.Max(minute => minute.Usual), group.Min(minute => minute.Unusual),
            group.Any(minute => minute.Rate >= minute.Unusual))),
    ];

    static IEnumerable<Markup> Lines() => from share in (int[])[0, 1, 2]
                                          let y = $"{Height * share / 2}"
                                          select (Markup)new Element("line").With("x1", "0").With("x2", $"{Width}")
                                              .With("y1", y).With("y2", y).Class("grid");

    static IEnumerable<Markup> Bars(List<Column> columns, double most) => columns.Where(column => column.Rate > 0).Select(column =>
        (Markup)new Element("rect").With("x", Length(column.X)).With("y", Length(Y(column.Rate, most)))
            .With("width", Length(Math.Max(1, column.Width * 0.9))).With("height", Length(Height - Y(column.Rate, most)))
            .Class(column.IsUnusual ? "finding" : "plain"));

    static Element Band(List<Column> columns, double most) => new Element("path").Class("band").With("d", string.Concat(
        columns.Where(column => column.Usual is not null).Select(column =>
        {
            var (left, right) = (Length(column.X), Length(column.X + column.Width));
            var (low, high) = (Length(Y(column.Usual!.Value, most)), Length(Y(column.Unusual!.Value, most)));
            return $"M{left} {low}H{right}V{high}H{left}Z";
        })));

    static Element Usual(List<Column> columns, double most) => new Element("path").Class("usual").With("d", string.Concat(
        columns.Where(column => column.Usual is not null).Select(column =>
            $"M{Length(column.X)} {Length(Y(column.Usual!.Value, most))}H{Length(column.X + column.Width)}")));

    static double Y(double rate, double most) => Height - (Math.Min(1, rate / most) * Height);

    static Element Key(string kind, string text) => new Element("span", new Element("span").Class($"key {kind}"), text).Class("legend");

    static string Length(double length) => length.ToString("0.##", CultureInfo.InvariantCulture);

    static string Time(DateTimeOffset time) => TimeFormat.Short(time.UtcDateTime);

    readonly record struct Column(double X, double Width, float Rate, float? Usual, float? Unusual, bool IsUnusual);
}
