using ClusterTrail.WebConsole.Html;
using ClusterTrail.WebConsole.Queries;

namespace ClusterTrail.WebConsole.Pages;

/// <summary>The form of a page with a few fields.</summary>
static class SmallForm
{
    internal static Element Of(string path, string label, IReadOnlyList<Markup> fields) => new Element(
        "form",
        new Element(
            "div",
            [
                .. fields,
                new Element("div", new Element("button", "Search").With("type", "submit"), Tags.Link(path, "Clear")).Class("buttons"),
            ])
            .Class("fields")).With("action", path).With("method", "get").With("role", "search").With("aria-label", label);

    internal static Element Input(FilterField field, EventFilter filter) =>
        Input(field.Name, field.Label, field.Hint, filter.Values.GetValueOrDefault(field.Name));

    internal static Element Input(string name, string label, string hint, string? value) => new(
        "label", new Element("span", label),
        new Element("input").With("type", "text").With("name", name).With("value", value).With("placeholder", hint)
            .With("autocomplete", "off").With("spellcheck", "false").With("maxlength", "600"));

    internal static Element Choice(
        string name, string label, string chosen, params IEnumerable<(string Value, string Text)> choices) => new(
        "label", new Element("span", label),
        new Element("select", [.. choices.Select(choice => (Markup)new Element("option", choice.Text).With("value", choice.Value)
            .With("selected", choice.Value == chosen ? "" : null))]).With("name", name));

    internal static IEnumerable<Markup> Times(EventFilter filter) =>
    [
        Input(EventFilter.SinceName, "From", "2026-03-01 10:00", filter.Since is { } since ? TimeFormat.Exact(since) : null),
        Input(EventFilter.UntilName, "Until before", "2026-03-01 11:00", filter.Until is { } until ? TimeFormat.Exact(until) : null),
    ];

    /// <summary>That a list is not complete, if it is not.</summary>
    internal static Markup Shown(long all, int shown) => all > shown
        ? Tags.Paragraph($"The last {Tags.Number(shown)} of {Tags.Number(all)} are shown; a shorter time shows others.")
        : Markup.Empty;

    /// <summary>How many there are, and how to see those that are not shown.</summary>
    internal static Element Found(long all, int shown, string one, string advice) => new Element(
        "p", new Element("strong", Tags.Number(all)), all == 1 ? $" {one}" : $" {one}s",
        all > shown ? $"; the first {Tags.Number(shown)} are shown: {advice}." : ".")
        .Class("summary").With("role", "status");
}
