using ClusterTrail.WebConsole.Html;
using ClusterTrail.WebConsole.Queries;

namespace ClusterTrail.WebConsole.Pages;

/// <summary>Names that lead to the page about them; without a link where they are too long to ask for.</summary>
static class Links
{
    internal const string RecordPath = "/record", PersonPath = "/person", ObjectPath = "/object", HistoryPath = "/", InsightsPath = "/insights";

    internal static Markup Person(ShownText user) => To(user, name => new Address(PersonPath).With("user", name));

    internal static Markup Source(ShownText address) => To(address, name => new Address(HistoryPath).With("source_ip", name));

    internal static Markup Rule(ShownText rule) => To(rule, name => new Address(HistoryPath).With("rule", name));

    internal static Markup Object(ObjectName name, string text) =>
        text.Length == 0 ? Markup.Empty : name.IsOne ? Tags.Link($"{AddressOf(name)}", text) : text;

    internal static Address AddressOf(ObjectName name) => new Address(ObjectPath).With("group", name.Group.Whole)
        .With("resource", name.Resource.Whole).With("namespace", name.Namespace.Whole).With("name", name.Name.Whole);

    /// <summary>The page of a record: by its id, and by Trail and time, as each Trail has a record of its own.</summary>
    internal static Address Record(EventRow row) => new Address(RecordPath).With("id", row.Id.Whole)
        .With("trail", row.Trail.Whole).With("time", row.Time);

    static Markup To(ShownText text, Func<string, Address> address) =>
        text.Text is null ? Markup.Empty : text.Whole is { Length: > 0 } whole ? Tags.Link($"{address(whole)}", whole) : $"{text}";
}
