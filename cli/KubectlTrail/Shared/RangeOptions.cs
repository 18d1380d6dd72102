using System.CommandLine;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;

namespace ClusterTrail.Kubectl.Shared;

/// <summary>The options that say which part of an archive is read.</summary>
static class RangeOptions
{
    static readonly Option<string?> Since = One(
        "--since", "TIME", "From when on: 2026-03-01, 2026-03-01T10:00:00Z, 2h, 7d, today, yesterday.");
    static readonly Option<string?> Until = One("--until", "TIME", "Until before when.");
    static readonly Option<string?> Cluster = One("--cluster", "NAME", "Only this cluster.");
    static readonly Option<string?> Trail = One("--trail", "NAME", "Only this Trail.");
    static readonly Option<string?> Node = One("--node", "NAME", "Only this node.");

    internal static IReadOnlyList<Option> OfTime { get; } = [Since, Until];

    internal static IReadOnlyList<Option> OfPlace { get; } = [Cluster, Trail, Node];

    /// <exception cref="TrailException">A time is none, or the end is before the beginning.</exception>
    internal static TimeRange Range(ParseResult arguments, TimeText times)
    {
        var range = new TimeRange(times.Parse(Since.Name, arguments.GetValue(Since)), times.Parse(Until.Name, arguments.GetValue(Until)));
        return range.Since >= range.Until
            ? throw new TrailException(ExitCode.BadUsage, $"--until {range.Until:O} is not after --since {range.Since:O}.")
            : range;
    }

    internal static ObjectScope Scope(ParseResult arguments, TimeRange range) => HistorySearch.Scope(
        range, arguments.GetValue(Cluster), arguments.GetValue(Trail), arguments.GetValue(Node));

    internal static string? ClusterOf(ParseResult arguments) => arguments.GetValue(Cluster);

    internal static string? TrailOf(ParseResult arguments) => arguments.GetValue(Trail);

    internal static string? NodeOf(ParseResult arguments) => arguments.GetValue(Node);

    static Option<string?> One(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value };
}
