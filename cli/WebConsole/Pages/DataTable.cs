using ClusterTrail.WebConsole.Html;

namespace ClusterTrail.WebConsole.Pages;

/// <summary>A table that screen readers can walk through: a caption, and headings of columns and rows.</summary>
static class DataTable
{
    /// <param name="caption">What is in it; read aloud, and not shown.</param>
    /// <param name="titles">Of the columns.</param>
    /// <param name="rows">The first cell is the heading of its row.</param>
    internal static Element Of(string caption, IReadOnlyList<string> titles, IEnumerable<IReadOnlyList<Markup>> rows) => new Element(
        "div",
        new Element(
            "table",
            new Element("caption", caption),
            new Element("thead", new Element("tr", [.. titles.Select(title => (Markup)new Element("th", title).With("scope", "col"))])),
            new Element("tbody", [.. rows.Select(Row)])))
        .Class("scroll").With("tabindex", "0").With("role", "region").With("aria-label", caption);

    static Markup Row(IReadOnlyList<Markup> cells) => new Element(
        "tr", [new Element("th", cells[0]).With("scope", "row"), .. cells.Skip(1).Select(cell => (Markup)new Element("td", cell))]);
}
