using System.Net;
using ClusterTrail.History.Search;
using ClusterTrail.WebConsole.Html;

namespace ClusterTrail.WebConsole.Queries;

/// <summary>Which records a page is about, as its address says.</summary>
/// <param name="Since">From when on.</param>
/// <param name="Until">Until before when.</param>
/// <param name="Values">The values of fields, by their names.</param>
sealed record EventFilter(DateTime? Since, DateTime? Until, IReadOnlyDictionary<string, string> Values)
{
    internal const string SinceName = "since", UntilName = "until";

    /// <summary>All parameters of an address that it reads.</summary>
    internal static IReadOnlyList<string> Names { get; } = [SinceName, UntilName, .. FilterField.All.Select(field => field.Name)];

    internal bool IsEmpty => Since is null && Until is null && Values.Count == 0;

    /// <exception cref="QuestionException">A time is none, or the end is before the beginning.</exception>
    internal static EventFilter Of(IReadOnlyDictionary<string, string> parameters)
    {
        var (since, until) = (Time(parameters, SinceName), Time(parameters, UntilName));
        return since >= until
            ? throw new QuestionException("The end of the time is not after its beginning; give a later end.")
            : new(since, until, FilterField.All.Where(field => parameters.ContainsKey(field.Name))
                .ToDictionary(field => field.Name, field => parameters[field.Name]));
    }

    /// <summary>Only the time, for pages that are about something else than fields.</summary>
    internal static EventFilter OfTime(IReadOnlyDictionary<string, string> parameters) => Of(
        parameters.Where(one => one.Key is SinceName or UntilName).ToDictionary());

    /// <summary>Its conditions on records.</summary>
    internal Conditions Conditions(EventQuestions events, CancellationToken cancellationToken)
    {
        var conditions = new Conditions();
        if (Since is { } since)
            conditions.Add("time >= {0}", since);
        if (Until is { } until)
            conditions.Add("time < {0}", until);
        foreach (var field in FilterField.All)
        {
            if (Values.TryGetValue(field.Name, out var value))
                field.Add(conditions, value);
        }

        foreach (var network in conditions.Networks)
            conditions.Add("source_ip IN (SELECT unnest({0}::VARCHAR[]))", Resolve(network, events, cancellationToken));
        return conditions;
    }

    /// <summary>The address of a page with this filter.</summary>
    internal Address In(string path) => FilterField.All.Aggregate(
        new Address(path).With(SinceName, Since).With(UntilName, Until),
        (address, field) => address.With(field.Name, Values.GetValueOrDefault(field.Name)));

    internal EventFilter With(string name, string value) =>
        this with { Values = new Dictionary<string, string>(Values) { [name] = value } };

    // DuckDB knows networks only by an extension, which is not there.
    static List<string> Resolve(IPNetwork network, EventQuestions events, CancellationToken cancellationToken) =>
    [
        .. events.Ask("SELECT DISTINCT source_ip FROM events WHERE source_ip IS NOT NULL", cancellationToken)
            .Select(row => row.Text("source_ip")!)
            .Where(text => SourceAddress.TryParse(text, out var address) && network.Contains(address)),
    ];

    static DateTime? Time(IReadOnlyDictionary<string, string> parameters, string name) => !parameters.TryGetValue(name, out var text) ? null
        : TimeFormat.Parse(text) ?? throw new QuestionException(
            $"{name} {text} is not a time; give one like 2026-03-01, 2026-03-01 10:00 or 2026-03-01T10:00:00Z. Times are UTC.");
}
