using System.CommandLine;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Printing;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Cat;

/// <summary><c>kubectl trail cat</c>: prints the records of an archive.</summary>
static class CatCommand
{
    internal const string Examples = """
        Examples:
          # Everything in an archive, oldest first, for jq
          kubectl trail cat s3://audit/prod --key auditor.key.pem | jq .eventName

          # One day of one trail, as a table
          kubectl trail cat s3://audit/prod/events/cluster=prod/trail=main/date=2026-03-01 --key auditor.key.pem -o table

          # A store that is not AWS
          kubectl trail cat s3://audit --endpoint https://s3.example.com --path-style --ca ca.pem

          # A copy on disk, or a single object
          kubectl trail cat ./archive
          kubectl trail cat 235959007-apiserver-00000042-0123456789abcdef.ndjson.zst.cms --key auditor.key.pem
        """;

    const string Json = "json";
    const string Table = "table";
    const int OutputBufferBytes = 64 << 10;

    static readonly Argument<string[]> Locations = new("LOCATION")
    {
        Description = "An object file (.ndjson.zst or .ndjson.gz, .cms if encrypted), an archive's folder, or s3://bucket/prefix.",
        Arity = ArgumentArity.OneOrMore,
    };

    static readonly Option<string> Format = new Option<string>("--output", "-o")
    {
        Description = "json: one record per line, exactly as stored. table: for people.",
        HelpName = "json|table",
        DefaultValueFactory = _ => Json,
    }.AcceptOnlyFromAmong(Json, Table);

    internal static Command Build()
    {
        var command = new Command("cat", "Prints the records of an archive, oldest first.")
        {
            Locations, KmsOptions.KeyFile, Format,
        };
        S3Arguments.AddTo(command);
        KmsOptions.AddTo(command);
        command.Runs(RunAsync);
        return command;
    }

    static async Task<ExitCode> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        using var opener = KmsOptions.Opener(arguments);
        var s3 = S3Arguments.Of(arguments);
        var locations = arguments.GetRequiredValue(Locations).Select(location => Location.Parse(location, s3)).ToList();
        IRecordPrinter printer = arguments.GetValue(Format) == Table
            ? new TablePrinter(terminal)
            : new JsonPrinter(new BufferedStream(terminal.JsonOutput, OutputBufferBytes));

        var exitCode = ExitCode.Ok;
        await Progress.ShowAsync(terminal, "Reading objects", async (progress, writeLine) =>
        {
            var problems = new ProblemLog(writeLine);
            var archivePrinter = new ArchivePrinter(new(opener), printer, problems, progress);
            foreach (var location in locations)
                await archivePrinter.PrintAsync(location, cancellationToken);
            exitCode = problems.ExitCode;
        });
        return exitCode;
    }
}
