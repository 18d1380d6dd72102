using ClusterTrail.WebConsole.Html;
using ClusterTrail.WebConsole.Queries;

namespace ClusterTrail.WebConsole.Pages;

/// <summary>The filter of records as a form, whose result is an address.</summary>
static class FilterForm
{
    internal static Element Of(EventFilter filter, string path) => SmallForm.Of(path, "Filter of records",
    [
        .. SmallForm.Times(filter),
        .. FilterField.All.Select(field => SmallForm.Input(field, filter)),
    ]);

    /// <summary>What is asked for, each with a link to the list without it.</summary>
    internal static Markup Chips(EventFilter filter, string path)
    {
        var address = filter.In(path);
        var chips = address.Parameters.Select(one => (Markup)new Element(
            "li", new Element("span", $"{LabelOf(one.Name)}: {one.Value}"),
            Tags.Link($"{address.With(one.Name, (string?)null)}", "×").With("aria-label", $"Without {LabelOf(one.Name)} {one.Value}")))
            .ToList();
        return chips.Count == 0 ? Markup.Empty : new Element("ul", chips).Class("chips").With("aria-label", "Filters in use");
    }

    static string LabelOf(string name) => name switch
    {
        EventFilter.SinceName => "From",
        EventFilter.UntilName => "Until",
        _ => FilterField.All.Single(field => field.Name == name).Label,
    };
}
