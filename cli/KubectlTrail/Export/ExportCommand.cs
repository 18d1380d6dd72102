using System.CommandLine;
using System.Globalization;
using System.Text;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Lake.Export;
using ClusterTrail.Lake.Query;

namespace ClusterTrail.Kubectl.Export;

/// <summary><c>kubectl trail export</c>: an archive as files that other engines read.</summary>
static class ExportCommand
{
    internal const string Examples = """
        Examples:
          # Everything that is new since the last time, as Parquet
          kubectl trail export s3://audit/prod --key auditor.key.pem --to /data/events

          # Ask the export instead of the archive
          kubectl trail query /data/events --since 90d "SELECT user, count(*) FROM events GROUP BY user"

          # The table of another engine
          kubectl trail export --to s3://lake/events --ddl athena
        """;

    static readonly Argument<string?> LocationArgument = new("LOCATION")
    {
        Description = "An archive's folder, a part of one, or s3://bucket/prefix. Not needed with --ddl.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    static readonly Option<string> To = new("--to")
    {
        Description = "Where the export is written: a folder, or s3://bucket/prefix.",
        HelpName = "FOLDER|s3://...",
        Required = true,
    };

    static readonly Option<string> Format = new Option<string>("--format")
    {
        Description = "parquet; ndjson: a JSON object a line, for engines that take JSON.",
        HelpName = "parquet|ndjson",
        DefaultValueFactory = _ => "parquet",
    }.AcceptOnlyFromAmong("parquet", "ndjson");

    static readonly Option<string> Schema = new Option<string>("--schema")
    {
        Description = "clustertrail: the columns of query. ocsf: the Open Cybersecurity Schema Framework.",
        HelpName = "clustertrail|ocsf",
        DefaultValueFactory = _ => "clustertrail",
    }.AcceptOnlyFromAmong("clustertrail", "ocsf");

    static readonly Option<string?> Ddl = new Option<string?>("--ddl")
    {
        Description = "Print the statements that make the export a table of this engine, and write nothing.",
        HelpName = "athena|trino|spark|clickhouse|duckdb",
    }.AcceptOnlyFromAmong("athena", "trino", "spark", "clickhouse", "duckdb");

    internal static Command Build()
    {
        var command = new Command("export", "Writes an archive as Parquet or JSON for other engines; again, only what is new.")
        {
            LocationArgument, To, KmsOptions.KeyFile,
        };
        foreach (var option in (Option[])[.. RangeOptions.OfTime, .. RangeOptions.OfPlace, Format, Schema, Ddl])
            command.Add(option);
        S3Arguments.AddTo(command);
        KmsOptions.AddTo(command);
        command.Runs(RunAsync);
        return command;
    }

    static async Task<ExitCode> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var settings = new ExportSettings(
            ExportSettings.CurrentVersion, Enum.Parse<ExportSchema>(arguments.GetRequiredValue(Schema), ignoreCase: true),
            Enum.Parse<ExportFormat>(arguments.GetRequiredValue(Format), ignoreCase: true));
        var to = arguments.GetRequiredValue(To);
        if (arguments.GetValue(Ddl) is { } engine)
        {
            Print(TableDdl.Of(Enum.Parse<DdlEngine>(engine, ignoreCase: true), settings, LocationOf(to)), terminal);
            return ExitCode.Ok;
        }

        var exitCode = ExitCode.Ok;
        await Progress.ShowAsync(terminal, "Exporting objects", async (progress, writeLine) =>
        {
            var problems = new ProblemLog(writeLine);
            var search = new SearchProgress(progress, problems);
            var result = await ExportAsync(arguments, settings, to, search, cancellationToken);
            writeLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Exported {Count(result.Objects, "object")} in {Count(result.Files, "file")} to {to}; {result.Known} "
                    + $"{(result.Known == 1 ? "was" : "were")} exported before."));
            if (result.Nameless > 0)
            {
                writeLine(
                    $"{Count(result.Nameless, "record")} with names of a cluster or a Trail that no agent has: they are NULL in the export, "
                    + "except in the column record.");
            }

            exitCode = problems.ExitCode;
        });
        return exitCode;
    }

    static async Task<ExportResult> ExportAsync(
        ParseResult arguments, ExportSettings settings, string to, SearchProgress search, CancellationToken cancellationToken)
    {
        try
        {
            var text = arguments.GetValue(LocationArgument)
                ?? throw new TrailException(ExitCode.BadUsage, "Give the LOCATION of an archive; only --ddl needs none.");
            var range = RangeOptions.Range(arguments, new(TimeProvider.System.GetUtcNow()));
            using var opener = KmsOptions.Opener(arguments);
            var location = Location.Parse(text, S3Arguments.Of(arguments));
            var source = new ArchiveSource(location, new(opener), RangeOptions.Scope(arguments, range), search);
            using var target = await ExportTarget.OpenAsync(to, text, S3Arguments.Of(arguments), cancellationToken);
            return await new ArchiveExport(source, target, settings, DatabaseOptions.Default).RunAsync(range, cancellationToken);
        }
        finally
        {
            search.Flush();
        }
    }

    // Engines have folders of their own to which a relative path would be relative.
    static string LocationOf(string to) =>
        to.StartsWith("s3://", StringComparison.Ordinal) ? to.TrimEnd('/') : Path.GetFullPath(to).TrimEnd('/');

    static string Count(long number, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {noun}{(number == 1 ? "" : "s")}");

    static void Print(string text, Terminal terminal)
    {
        terminal.Output.Write(Encoding.UTF8.GetBytes($"{text}\n"));
        terminal.Output.Flush();
    }
}
