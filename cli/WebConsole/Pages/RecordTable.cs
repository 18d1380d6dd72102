using System.Globalization;
using ClusterTrail.WebConsole.Html;
using ClusterTrail.WebConsole.Queries;

namespace ClusterTrail.WebConsole.Pages;

/// <summary>Records as a table.</summary>
static class RecordTable
{
    /// <param name="rows">The records.</param>
    /// <param name="caption">What they are.</param>
    internal static Element Of(IReadOnlyList<EventRow> rows, string caption) => DataTable.Of(
        caption,
        ["Time", "User", "Action", "Object", "Address", "Result"],
        rows.Select(row => (IReadOnlyList<Markup>)
        [
            Tags.Link($"{Links.Record(row)}", row.Time is null ? "no time" : Tags.Time(row.Time)).Class("time"),
            Who(row), Action(row), What(row), Links.Source(row.Address), Result(row),
        ]));

    static Markup Who(EventRow row) => row.Impersonated.Text is null
        ? Links.Person(row.User)
        : Markup.Of([Links.Person(row.User), " as ", Links.Person(row.Impersonated)]);

    /// <summary>What was done, in a few words.</summary>
    internal static Markup Action(EventRow row) => row.Category.Text switch
    {
        "Insight" => Markup.Of(["finding ", Links.Rule(row.Rule)]),
        "Unparsable" => "unparsable line",
        "Aggregate" => Markup.Of([Tags.Number(row.Count ?? 0), $" × {row.Verb}"]),
        "Workload" when row.Executable.Text is not null => Markup.Of([$"{row.Verb} ", Tags.Code($"{row.Executable}")]),
        _ => $"{row.Verb}",
    };

    static Markup What(EventRow row)
    {
        var (kind, path) = (row.Object.Kind, row.Object.Path);
        return kind.Length == 0 ? Markup.Empty
            : path.Length == 0 ? kind
            : Markup.Of([new Element("span", $"{kind} ").Class("kind"), Links.Object(row.Object, path)]);
    }

    /// <summary>How it ended, or how severe it is.</summary>
    internal static Markup Result(EventRow row) => row switch
    {
        { Severity.Text: not null } => Severity(row.Severity),
        { Reason.Text: not null } => new Element("span", $"{Code(row)} {row.Reason}".TrimStart()).Class("badge bad"),
        { Status: not null } => Code(row),
        _ => Markup.Empty,
    };

    /// <summary>A severity, with a colour beside the word.</summary>
    internal static Element Severity(ShownText severity) => new Element("span", $"{severity}").Class(severity.Text switch
    {
        "critical" or "high" => "badge high",
        "medium" => "badge medium",
        _ => "badge",
    });

    static string Code(EventRow row) => row.Status is { } status && $"{status}" != row.Reason.Text
        ? status.ToString(CultureInfo.InvariantCulture) : "";
}
