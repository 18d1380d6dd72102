using System.Globalization;

namespace ClusterTrail.WebConsole.Html;

/// <summary>Pieces that all pages have.</summary>
static class Tags
{
    internal static Element Link(string address, params IReadOnlyList<Markup> children) => new Element("a", children).With("href", address);

    internal static Element Paragraph(params IReadOnlyList<Markup> children) => new("p", children);

    internal static Element Heading(string text) => new("h2", text);

    internal static Element Code(string text) => new("code", text);

    /// <summary>A time in UTC, and for programs the same.</summary>
    internal static Markup Time(DateTime? time) =>
        time is { } known ? new Element("time", TimeFormat.Shown(known)).With("datetime", TimeFormat.Exact(known)) : "";

    /// <summary>A count, with its digits in groups.</summary>
    internal static Markup Count(long count) => new Element("span", Number(count)).Class("count");

    internal static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>2 records</c>.</summary>
    internal static string Counted(long count, string one) => $"{Number(count)} {one}{(count == 1 ? "" : "s")}";

    /// <summary>Names and what they are.</summary>
    internal static Element Facts(IEnumerable<(string Name, Markup Value)> facts) => new Element(
        "dl", [.. facts.SelectMany(fact => (Markup[])[new Element("dt", fact.Name), new Element("dd", fact.Value)])]).Class("facts");
}
