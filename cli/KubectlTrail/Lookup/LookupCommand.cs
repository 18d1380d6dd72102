using System.CommandLine;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Kubectl.Archives;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Lake.Export;

namespace ClusterTrail.Kubectl.Lookup;

/// <summary><c>kubectl trail lookup</c>: finds records by who, what, on what, from where and when.</summary>
static class LookupCommand
{
    internal const string Examples = """
        Examples:
          # Who read this secret in the last week?
          kubectl trail lookup s3://audit/prod --key auditor.key.pem --since 7d --resource secrets -n shop --name db-password

          # What was Ann refused today?
          kubectl trail lookup s3://audit/prod --key auditor.key.pem --since today --user ann@example.com --error '*'

          # Who changed something from outside of the company's network?
          kubectl trail lookup ./archive --read-only false --where 'sourceIPAddress NotStartsWith 10.'

          # What else did they do, from there, or on that object, in the minutes around?
          kubectl trail lookup ./archive --around 0aa46eba2da79fa2628a8bd7-0000000000000000

          # A person's day, with the processes that their execs started
          kubectl trail lookup ./archive --session ann@example.com --since yesterday --until today -o wide

          # Findings, as they come
          kubectl trail lookup s3://audit/prod --key auditor.key.pem --category Insight --follow
        """;

    const int DefaultLimit = 50;
    static readonly TimeSpan SessionBefore = TimeSpan.FromDays(1);

    static readonly Argument<string> LocationArgument = new("LOCATION")
    {
        Description = "An archive's folder, a part of one, s3://bucket/prefix, or an export.",
    };

    static readonly Option<string?> Around = new("--around")
    {
        Description = "The record with this eventID, and what its user, from its address, or on its object was done around that time.",
        HelpName = "EVENT_ID",
    };

    static readonly Option<string> Window = new("--window")
    {
        Description = "How long before and after, with --around.",
        HelpName = "DURATION",
        DefaultValueFactory = _ => "5m",
    };

    static readonly Option<string?> Session = new("--session")
    {
        Description = "All that this person did, oldest first, with the processes in containers that they started. Without --since a day.",
        HelpName = "USER",
    };

    static readonly Option<bool> Follow = new("--follow", "-f")
    {
        Description = "Go on with objects as they arrive, from now on if there is no --since.",
    };

    static readonly Option<int?> Limit = new("--limit")
    {
        Description = $"At most so many records; 0 is all. Default: {DefaultLimit}, and all with --around, --session and --follow.",
        HelpName = "N",
    };

    static readonly Option<bool> OldestFirst = new("--oldest-first")
    {
        Description = "In the order of time. Without it, the newest come first.",
    };

    static readonly Option<string> Format = new Option<string>("--output", "-o")
    {
        Description = "table, wide: for people. json: one record per line, as stored. yaml, csv.",
        HelpName = "table|wide|json|yaml|csv",
        DefaultValueFactory = _ => LookupPrinter.Table,
    }.AcceptOnlyFromAmong([.. LookupPrinter.Formats]);

    internal static Command Build()
    {
        var command = new Command("lookup", "Finds records by who, what, on what, from where and when.") { LocationArgument, KmsOptions.KeyFile };
        LookupOptions.AddTo(command);
        Option[] others = [Around, Window, Session, Follow, VerifiedLocation.Option, VerifiedLocation.Keys, Limit, OldestFirst, Format];
        foreach (var option in others)
            command.Add(option);
        S3Arguments.AddTo(command);
        KmsOptions.AddTo(command);
        command.Runs(RunAsync);
        return command;
    }

    static async Task<ExitCode> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var request = Request(arguments, TimeProvider.System.GetUtcNow());
        using var opener = KmsOptions.Opener(arguments);
        var text = arguments.GetRequiredValue(LocationArgument);
        if (request.Follows && arguments.GetValue(VerifiedLocation.Option))
            throw new TrailException(ExitCode.BadUsage, "--follow shows objects before a digest names them; leave out --verified.");
        var printer = LookupPrinter.Of(arguments.GetRequiredValue(Format), terminal);
        var exitCode = ExitCode.Ok;
        await Progress.ShowAsync(terminal, "Reading objects", async (progress, writeLine) =>
        {
            var problems = new ProblemLog(writeLine);
            var observer = new SearchProgress(progress, problems);
            var history = await HistoryAsync(arguments, text, request, opener, observer, cancellationToken);
            using var export = history as ExportedHistory;
            await new LookupRun(history, printer, observer).RunAsync(request, writeLine, cancellationToken);
            exitCode = problems.ExitCode;
        });
        return exitCode;
    }

    static async Task<IHistory> HistoryAsync(
        ParseResult arguments, string text, LookupRequest request, Opener opener, SearchProgress progress,
        CancellationToken cancellationToken)
    {
        var history = await OpenedHistory.OpenAsync(
            arguments, text, (request.Query.Range, request.Scope.Node), opener, progress, cancellationToken);
        if (!request.Follows || history is not ExportedHistory export)
            return history;
        export.Dispose();
        throw new TrailException(
            ExitCode.BadUsage, $"{text} is an export, in which nothing arrives by itself; follow the archive, or omit --follow.");
    }

    static LookupRequest Request(ParseResult arguments, DateTimeOffset now)
    {
        var range = RangeOptions.Range(arguments, new(now));
        var (around, session, follow) = (arguments.GetValue(Around), arguments.GetValue(Session), arguments.GetValue(Follow));
        if (new[] { around is not null, session is not null, follow }.Count(given => given) > 1)
            throw new TrailException(ExitCode.BadUsage, "--around, --session and --follow are for different questions; give one of them.");
        if (follow && (range.Until is not null || arguments.GetValue(Limit) > 0))
            throw new TrailException(ExitCode.BadUsage, "--follow has no end; leave out --until and --limit.");
        DateTimeOffset? since = follow ? now : session is null ? null : ObjectSpan.Earlier(range.Until ?? now, SessionBefore);
        range = range with { Since = range.Since ?? since };
        var isWhole = around is not null || session is not null || follow;
        var limit = arguments.GetValue(Limit) switch
        {
            < 0 => throw new TrailException(
                ExitCode.BadUsage, $"--limit {arguments.GetValue(Limit)} is negative; give a number, or 0 for all."),
            var given => given ?? (isWhole ? 0 : DefaultLimit),
        };
        return new()
        {
            Query = new(
                range, LookupOptions.Test(arguments, session is null ? [] : [Questions.Session(session)]),
                IsNewestFirst: !isWhole && !arguments.GetValue(OldestFirst), limit),
            Scope = RangeOptions.Scope(arguments, range),
            Limit = limit,
            Around = around,
            Window = TimeText.Duration(arguments.GetRequiredValue(Window)) ?? throw new TrailException(
                ExitCode.BadUsage, $"--window {arguments.GetValue(Window)} is no duration; give one like 90s, 5m or 1h."),
            Follows = follow,
        };
    }
}
