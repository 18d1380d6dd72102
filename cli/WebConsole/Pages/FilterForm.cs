using ClusterTrail.WebConsole.Html;
using ClusterTrail.WebConsole.Queries;

namespace ClusterTrail.WebConsole.Pages;

/// <summary>The filter of records as a form, whose result is an address.</summary>
static class FilterForm
{
    internal static Element Of(EventFilter filter, string path) => new Element(
        "form",
        new Element(
            "div",
            [
                Input(EventFilter.SinceName, "From", "2026-03-01 10:00", filter.Since is { } since ? TimeFormat.Exact(since) : null),
                Input(EventFilter.UntilName, "Until before", "2026-03-01 11:00", filter.Until is { } until ? TimeFormat.Exact(until) : null),
                .. FilterField.All.Select(field => Input(field.Name, field.Label, field.Hint, filter.Values.GetValueOrDefault(field.Name))),
                new Element("div", new Element("button", "Search").With("type", "submit"), Tags.Link(path, "Clear")).Class("buttons"),
            ]).Class("fields")).With("action", path).With("method", "get").With("role", "search").With("aria-label", "Filter of records");

    /// <summary>What is asked for, each with a link to the list without it.</summary>
    internal static Markup Chips(EventFilter filter, string path)
    {
        var address = filter.In(path);
        var chips = address.Parameters.Select(one => (Markup)new Element(
            "li", new Element("span", $"{LabelOf(one.Name)}: {one.Value}"),
            Tags.Link($"{address.With(one.Name, (string?)null)}", "×").With("aria-label", $"Without {LabelOf(one.Name)} {one.Value}"))).ToList();
        return chips.Count == 0 ? Markup.Empty : new Element("ul", chips).Class("chips").With("aria-label", "Filters in use");
    }

    static string LabelOf(string name) => name switch
    {
        EventFilter.SinceName => "From",
        EventFilter.UntilName => "Until",
        _ => FilterField.All.Single(field => field.Name == name).Label,
    };

    static Element Input(string name, string label, string hint, string? value) => new(
        "label", new Element("span", label),
        new Element("input").With("type", "text").With("name", name).With("value", value).With("placeholder", hint)
            .With("autocomplete", "off").With("spellcheck", "false").With("maxlength", "600"));
}
