using System.CommandLine;
using ClusterTrail.Contract;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Kubectl.Input;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Estimate;

/// <summary><c>kubectl trail estimate</c>: what a Trail would record of a log, and what it would cost.</summary>
static class EstimateCommand
{
    internal const string Examples = """
        Examples:
          # Before a Trail is applied: what would it record, and what costs most?
          kubectl trail estimate -f trail.yaml --log /var/log/kubernetes/audit/audit.log

          # Three API servers like this one, kept for seven years, with prices of one's own
          kubectl trail estimate -f trail.yaml --log audit.log --api-servers 3 --keep-days 2557 --prices prices.yaml

          # What another Trail would keep of what an archive has
          kubectl trail estimate -f trail.yaml --archive s3://audit/prod --key auditor.key.pem --since 1d
        """;

    const string Text = "text";
    const string Json = "json";
    const int DefaultKeepDays = 365;
    const int MostKeepDays = 36_500;
    const int MostApiServers = 1000;

    static readonly Option<string[]> Trails = new("--filename", "-f")
    {
        Description = "A file of Trails, TrailSelectors and Namespaces. Can be repeated; - is standard input.",
        HelpName = "FILE",
        Required = true,
    };

    static readonly Option<string[]> Logs = new("--log")
    {
        Description = "An audit log of one API server, compressed or not. Can be repeated for its rotated files; - is standard input.",
        HelpName = "FILE",
    };

    static readonly Option<string?> Archive = new("--archive")
    {
        Description = "An archive in place of a log. It has what its Trail recorded, and no more.",
        HelpName = "LOCATION",
    };

    static readonly Option<int> ApiServers = new("--api-servers")
    {
        Description = $"How many API servers log as much as this one, 1 to {MostApiServers}. Default: 1.",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => 1,
    };

    static readonly Option<int?> KeepDays = new("--keep-days")
    {
        Description = $"How long objects are kept, 1 to {MostKeepDays}. Default: the Trail's Object Lock, or {DefaultKeepDays}.",
        HelpName = "DAYS",
    };

    static readonly Option<string?> Prices = new("--prices")
    {
        Description = "A YAML file of prices: name, currency, putsPerThousand, gigabyteMonth. Default: S3 Standard in us-east-1.",
        HelpName = "FILE",
    };

    static readonly Option<string> Format = new Option<string>("--output", "-o")
    {
        Description = "text: for people. json: one object.",
        HelpName = $"{Text}|{Json}",
        DefaultValueFactory = _ => Text,
    }.AcceptOnlyFromAmong(Text, Json);

    static IEnumerable<Option> OfArchive => [KmsOptions.KeyFile, .. RangeOptions.OfTime, .. RangeOptions.OfPlace];

    internal static Command Build()
    {
        var command = new Command("estimate", "Shows what Trails would record of a log, and what it would cost.")
        {
            Trails, Logs, Archive, KmsOptions.KeyFile, ApiServers, KeepDays, Prices, Format,
        };
        foreach (var option in (Option[])[.. RangeOptions.OfTime, .. RangeOptions.OfPlace])
            command.Add(option);
        S3Arguments.AddTo(command);
        KmsOptions.AddTo(command);
        command.Runs(RunAsync);
        return command;
    }

    static async Task<ExitCode> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var settings = Settings(arguments);
        var problems = new ProblemLog(terminal.Error.WriteLine);
        var attached = AttachedTrail.Of(TrailInput.Read(arguments.GetRequiredValue(Trails), problems), problems);
        if (problems.ExitCode != ExitCode.Ok)
            return problems.ExitCode;
        if (attached.Count == 0)
            throw Usage("No Trail is among the files of -f.");
        List<TrailEstimate> trails = [.. attached.Select(trail => new TrailEstimate(trail))];
        using var run = new EstimateRun(trails, TimeProvider.System.GetUtcNow());
        var exitCode = await ReadAsync(arguments, run, terminal, cancellationToken);
        if (run.Events == 0)
            throw new TrailException(
                exitCode == ExitCode.Ok ? ExitCode.BadUsage : exitCode, "No audit event was read; there is nothing to estimate.");
        await using var output = new StreamWriter(terminal.Output, leaveOpen: true);
        if (arguments.GetValue(Format) == Json)
            output.WriteLine(EstimateJson.Of(run, trails, settings));
        else
            new EstimateText(run, settings, output).Write(trails);
        return exitCode;
    }

    static EstimateSettings Settings(ParseResult arguments)
    {
        var (apiServers, keepDays) = (arguments.GetValue(ApiServers), arguments.GetValue(KeepDays));
        if ((arguments.GetValue(Logs) is { Length: > 0 }) == arguments.GetValue(Archive) is not null)
            throw Usage("Give --log or --archive.");
        if (apiServers is < 1 or > MostApiServers)
            throw Usage($"--api-servers is {apiServers}; allowed: a whole number from 1 to {MostApiServers}.");
        if (keepDays is < 1 or > MostKeepDays)
            throw Usage($"--keep-days is {keepDays}; allowed: a whole number from 1 to {MostKeepDays}.");
        if (arguments.GetValue(Logs)!.Count(log => log == EventReader.StandardInput) + arguments.GetValue(Trails)!.Count(file => file == "-") > 1)
            throw Usage("Standard input can be used once.");
        if (arguments.GetValue(Logs) is { Length: > 0 } logs)
        {
            if (OfArchive.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false }) is { } other)
                throw Usage($"{other.Name} is for --archive; a log is read whole.");
            if (logs.Select(Path.GetFullPath).GroupBy(path => path).FirstOrDefault(same => same.Count() > 1) is { } twice)
                throw Usage($"--log {twice.Key} is given twice; its events would count twice.");
        }

        return new(ReadPrices(arguments.GetValue(Prices)), apiServers, keepDays, DefaultKeepDays)
        {
            AreOwnPrices = arguments.GetValue(Prices) is not null,
        };
    }

    static S3Prices ReadPrices(string? path)
    {
        if (path is null)
            return new();
        var prices = RulesOfFile.ReadNamed(path, Contracts.ParseYaml<S3Prices>);
        foreach (var (field, value) in ((string, double)[])[("putsPerThousand", prices.PutsPerThousand), ("gigabyteMonth", prices.GigabyteMonth)])
        {
            if (!double.IsFinite(value) || value < 0)
                throw Usage($"{path}: {field} is {value}; allowed: 0 or more.");
        }

        return prices;
    }

    static async Task<ExitCode> ReadAsync(ParseResult arguments, EstimateRun run, Terminal terminal, CancellationToken cancellationToken)
    {
        if (arguments.GetValue(Archive) is not { } archive)
        {
            run.ReadLogs(arguments.GetValue(Logs)!, sentence => terminal.Error.WriteLine(ProblemLog.Sentence(sentence)), cancellationToken);
            return ExitCode.Ok;
        }

        var exitCode = ExitCode.Ok;
        await Progress.ShowAsync(terminal, "Reading objects", async (progress, writeLine) =>
        {
            var problems = new ProblemLog(writeLine);
            var observer = new SearchProgress(progress, problems);
            var range = RangeOptions.Range(arguments, new(TimeProvider.System.GetUtcNow()));
            using var opener = KmsOptions.Opener(arguments);
            var history = new ArchiveHistory(Location.Parse(archive, S3Arguments.Of(arguments)), new(opener));
            await run.ReadArchiveAsync(history, RangeOptions.Scope(arguments, range), range, observer, cancellationToken);
            observer.Flush();
            exitCode = problems.ExitCode;
        });
        return exitCode;
    }

    static TrailException Usage(string sentence) => new(ExitCode.BadUsage, sentence);
}
