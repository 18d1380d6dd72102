using System.CommandLine;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Kubectl.Archives;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Rules.Insights;

namespace ClusterTrail.Kubectl.Insights;

/// <summary><c>kubectl trail insights</c>: looks for what is unusual in an archive, as agents do.</summary>
static class InsightsCommand
{
    internal const string Examples = """
        Examples:
          # What was unusual in the last week? The two weeks before are learnt first
          kubectl trail insights --archive s3://audit/prod --key auditor.key.pem --since 7d

          # All that an agent would have recorded, as JSON
          kubectl trail insights --archive ./archive --trail main -o json
        """;

    const string Text = "text";
    const string Json = "json";

    static readonly Option<string> Archive = new("--archive")
    {
        Description = "An archive's folder, a part of one, s3://bucket/prefix, or an export.",
        HelpName = "LOCATION",
        Required = true,
    };

    static readonly Option<string> Learn = new("--learn")
    {
        Description = "How long before --since events are read, to learn what is usual. Nothing of that time is shown.",
        HelpName = "DURATION",
        DefaultValueFactory = _ => "2w",
    };

    static readonly Option<string> Format = new Option<string>("--output", "-o")
    {
        Description = "text: for people, with drawings. json: a line for each start, each end and each thing seen first.",
        HelpName = $"{Text}|{Json}",
        DefaultValueFactory = _ => Text,
    }.AcceptOnlyFromAmong(Text, Json);

    internal static Command Build()
    {
        var command = new Command("insights", "Looks for what is unusual in an archive, and draws it.") { Archive, KmsOptions.KeyFile };
        Option[] others =
            [.. RangeOptions.OfTime, Learn, .. RangeOptions.OfPlace, VerifiedLocation.Option, VerifiedLocation.Keys, Format];
        foreach (var option in others)
            command.Add(option);
        S3Arguments.AddTo(command);
        KmsOptions.AddTo(command);
        command.Runs(RunAsync);
        return command;
    }

    static async Task<ExitCode> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var shown = RangeOptions.Range(arguments, new(TimeProvider.System.GetUtcNow()));
        var learning = Learning(arguments);
        var read = shown with { Since = shown.Since is { } since ? ObjectSpan.Earlier(since, learning) : null };
        using var opener = KmsOptions.Opener(arguments);
        await using var writer = new StreamWriter(terminal.Output, leaveOpen: true);
        var isJson = arguments.GetValue(Format) == Json;
        IInsightsPrinter printer = isJson
            ? new InsightsJson(new BufferedStream(terminal.JsonOutput))
            : new InsightsText(writer);
        var exitCode = ExitCode.Ok;
        await Progress.ShowAsync(terminal, "Reading objects", async (progress, writeLine) =>
        {
            var problems = new ProblemLog(writeLine);
            var observer = new SearchProgress(progress, problems);
            var scope = RangeOptions.Scope(arguments, read);
            var history = await OpenedHistory.OpenAsync(
                arguments, arguments.GetRequiredValue(Archive), (read, scope.Node), opener, observer, cancellationToken);
            using var export = history as IDisposable;
            var replay = new InsightsReplay(history, observer, shown.Since);
            await replay.RunAsync(scope, read, printer.Print, cancellationToken);
            observer.Flush();
            printer.Finish(replay.Counted);
            exitCode = problems.ExitCode;
            foreach (var sentence in Known(replay, isJson, shown.Since))
                writeLine(sentence);
        });
        return exitCode;
    }

    // What is not found may only not be known yet.
    static IEnumerable<string> Known(InsightsReplay replay, bool isJson, DateTimeOffset? since)
    {
        var sources = replay.Sources;
        if (isJson && replay.Counted > 0)
            yield return OnlyCounted.Sentence(replay.Counted);
        yield return sources.Count == 0
            ? replay.Counted == 0 ? "No event of an API server was found."
                : "No event has a record of its own. kubectl trail lookup --category Insight shows what agents found, which see all events."
            : $"{sources.Sum(source => source.Events)} events of {sources.Count} {(sources.Count == 1 ? "agent" : "agents")} were read.";
        foreach (var source in sources.Where(source => source.JudgedFrom > (since ?? DateTimeOffset.MinValue)))
        {
            var agent = Printable.Escape($"{source.Node} of {source.Cluster} (Trail {source.Trail})");
            yield return $"Of {agent} the first week of events, until {source.JudgedFrom:yyyy-MM-dd HH:mm}, is learnt: only "
                + "stretches of ten minutes are shown of it, and nothing that was seen for the first time.";
        }
    }

    static TimeSpan Learning(ParseResult arguments) => TimeText.Duration(arguments.GetRequiredValue(Learn)) ?? throw new TrailException(
        ExitCode.BadUsage, $"--learn {arguments.GetValue(Learn)} is no duration; give one like 12h, 7d or 2w.");
}
