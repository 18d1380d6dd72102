using System.CommandLine;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Archives;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Lake.Query;

namespace ClusterTrail.Kubectl.Query;

/// <summary><c>kubectl trail query</c>: SQL over the records of an archive.</summary>
static class QueryCommand
{
    internal const string Examples = """
        Examples:
          # Who read secrets most this week?
          kubectl trail query s3://audit/prod --key auditor.key.pem --since 7d \
            "SELECT user, count(*) AS reads FROM events WHERE resource = 'secrets' AND verb = 'get' GROUP BY user ORDER BY reads DESC"

          # As a file for a notebook
          kubectl trail query ./archive --since yesterday "FROM events" -o parquet --to events.parquet

          # Several questions of the same records
          kubectl trail query ./archive --since 2d --shell
        """;

    const string Parquet = "parquet";
    const int OutputBufferBytes = 64 << 10;

    static readonly Argument<string> LocationArgument = new("LOCATION")
    {
        Description = "An archive's folder, a part of one, s3://bucket/prefix, or an export.",
    };

    static readonly Argument<string?> Sql = new("SQL")
    {
        Description = "What to ask of the table events, in DuckDB's SQL.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    static readonly Option<bool> Shell = new("--shell")
    {
        Description = "Read the records once, then statements from the standard input.",
    };

    static readonly Option<string> Format = new Option<string>("--output", "-o")
    {
        Description = "table: for people. json: an object per row. csv. parquet: into --to FILE, or the redirected output.",
        HelpName = "table|json|csv|parquet",
        DefaultValueFactory = _ => "table",
    }.AcceptOnlyFromAmong("table", "json", "csv", Parquet);

    static readonly Option<string?> To = new("--to")
    {
        Description = "The file that -o parquet writes.",
        HelpName = "FILE",
    };

    static readonly Option<string?> Memory = new("--memory")
    {
        Description = "How much memory the database may take: 512MiB, 4GiB. Default: half of the machine's.",
        HelpName = "SIZE",
    };

    internal static Command Build()
    {
        var command = new Command("query", "Asks questions of an archive in SQL.") { LocationArgument, Sql, KmsOptions.KeyFile };
        Option[] others = [VerifiedLocation.Option, VerifiedLocation.Keys, Shell, Format, To, Memory];
        foreach (var option in (Option[])[.. RangeOptions.OfTime, .. RangeOptions.OfPlace, .. others])
            command.Add(option);
        S3Arguments.AddTo(command);
        KmsOptions.AddTo(command);
        command.Runs(RunAsync);
        return command;
    }

    static async Task<ExitCode> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var statements = Statements(arguments, terminal);
        // Of one query it is known what it reads; the others may name what those before them make.
        var columns = statements is [var only] && IsQuery(only) ? QueryPlan.Columns(only, cancellationToken) : null;
        var exitCode = ExitCode.Ok;
        EventDatabase? opened = null;
        await Progress.ShowAsync(terminal, "Reading objects", async (progress, writeLine) =>
        {
            var problems = new ProblemLog(writeLine);
            var options = arguments.GetValue(Memory) is { } memory ? new(MemoryText.Parse(memory)) : DatabaseOptions.Default;
            var archive = new OpenedArchive(arguments, arguments.GetRequiredValue(LocationArgument), new(progress, problems));
            opened = await archive.EventsAsync(columns, options, isVerified: true, cancellationToken);
            exitCode = problems.ExitCode;
        });
        using var database = opened!;
        using var session = database.Connect();
        if (arguments.GetValue(Shell))
        {
            var asked = await new QueryShell(session, Printer(arguments, terminal), terminal).RunAsync(cancellationToken);
            return (ExitCode)Math.Max((int)exitCode, (int)asked);
        }

        if (IsParquet(arguments))
            await WriteParquetAsync(session, statements[0], arguments.GetValue(To), terminal, cancellationToken);
        else
            Print(session, statements, Printer(arguments, terminal), terminal, cancellationToken);
        return exitCode;
    }

    static void Print(
        EventSession session, IReadOnlyList<string> statements, IResultPrinter printer, Terminal terminal,
        CancellationToken cancellationToken)
    {
        foreach (var statement in statements)
        {
            using var result = session.Run(statement, null, cancellationToken);
            if (result.Columns.Count > 0 && printer.Print(result) == 0)
                terminal.Error.WriteLine("No row was found.");
        }
    }

    static Task WriteParquetAsync(
        EventSession session, string statement, string? path, Terminal terminal, CancellationToken cancellationToken)
    {
        if (path is null)
            return ParquetOutput.ToOutputAsync(session, statement, terminal, cancellationToken);
        ParquetOutput.ToFile(session, statement, path, cancellationToken);
        return Task.CompletedTask;
    }

    static IResultPrinter Printer(ParseResult arguments, Terminal terminal) => arguments.GetRequiredValue(Format) switch
    {
        "json" => new JsonResult(new BufferedStream(terminal.JsonOutput, OutputBufferBytes)),
        "csv" => new CsvResult(new BufferedStream(terminal.Output, OutputBufferBytes)),
        _ => new TableResult(terminal),
    };

    static IReadOnlyList<string> Statements(ParseResult arguments, Terminal terminal)
    {
        var (sql, isShell, to) = (arguments.GetValue(Sql), arguments.GetValue(Shell), arguments.GetValue(To));
        var statements = SqlStatements.All(sql ?? "");
        if (isShell == statements.Count > 0)
            throw Usage(isShell ? "--shell reads statements from the standard input; leave out the SQL." : "Give SQL, or --shell.");
        if (to is not null && !IsParquet(arguments))
            throw Usage("--to is for -o parquet; redirect the output of others.");
        if (IsParquet(arguments) && (isShell || statements is not [var one] || !IsQuery(one)))
            throw Usage("-o parquet takes one query, without --shell.");
        if (IsParquet(arguments) && to is null && terminal.OutputIsTerminal)
            throw Usage("-o parquet is not for a terminal; give --to FILE, or redirect the output.");
        return statements;
    }

    static bool IsParquet(ParseResult arguments) => arguments.GetRequiredValue(Format) == Parquet;

    // Of other statements DuckDB has no plan.
    static bool IsQuery(string statement) =>
        ((string[])["SELECT", "FROM", "WITH"]).Any(word => statement.TrimStart().StartsWith(word, StringComparison.OrdinalIgnoreCase));

    static TrailException Usage(string sentence) => new(ExitCode.BadUsage, sentence);
}
