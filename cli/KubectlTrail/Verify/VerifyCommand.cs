using System.CommandLine;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Archives;
using ClusterTrail.Kubectl.Clusters;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Verification;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Heads;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Verify;

/// <summary><c>kubectl trail verify</c>: proves that nothing of an archive was changed, removed or left out.</summary>
static class VerifyCommand
{
    internal const string Examples = """
        Examples:
          # Everything in a bucket, with the operator's public key
          kubectl trail verify s3://audit/prod --keys operator.pub.pem

          # March, with a page to file
          kubectl trail verify s3://audit/prod --keys operator.pub.pem --since 2026-03-01 --until 2026-04-01 --report march.html

          # A copy on disk, against what an earlier verification saw
          kubectl trail verify ./archive --keys operator.pub.pem -o json > today.json
          kubectl trail verify ./archive --keys operator.pub.pem --heads today.json

          # Against what the operator knows, and what it keeps in a second bucket
          kubectl trail verify s3://audit/prod --keys operator.pub.pem --status --context prod
          kubectl trail verify s3://audit/prod --keys operator.pub.pem --heads s3://audit-anchors

          # A service with metrics for Prometheus
          kubectl trail verify s3://audit --keys operator.pub.pem --follow --metrics 0.0.0.0:9810 --state /var/lib/verifier

          # A table of all clusters, Trails and nodes
          kubectl trail verify s3://audit --keys operator.pub.pem --summary
        """;

    const string TextFormat = "text";
    const string Json = "json";
    const string Junit = "junit";

    static readonly Argument<string> Location = new("LOCATION") { Description = "An archive's root: a folder, or s3://bucket/prefix." };
    static readonly Option<string[]> Keys = Files("--keys", "The public keys of operators, in PEM: whom they enrolled may sign digests.");
    static readonly Option<string[]> AgentKeys = Files("--agent-keys", "The public keys of agents without an operator, in PEM.");
    static readonly Option<string[]> Heads = Files(
        "--heads", "The newest digests as known from elsewhere: a report of -o json, or the folder or s3://bucket/prefix of anchors.");
    static readonly Option<bool> Status = new("--status")
    {
        Description = "The newest digests as the operator of the cluster of --context knows them.",
    };
    static readonly Option<string> OperatorNamespace = new("--namespace", "-n")
    {
        Description = "The operator's namespace, with --status.",
        HelpName = "NAME",
        DefaultValueFactory = _ => "clustertrail-system",
    };
    static readonly Option<string?> Cluster = new("--cluster") { Description = "Only this cluster.", HelpName = "NAME" };
    static readonly Option<string?> Trail = new("--trail") { Description = "Only this Trail.", HelpName = "NAME" };
    static readonly Option<string?> Node = new("--node") { Description = "Only this node.", HelpName = "NAME" };
    static readonly Option<string?> Since = new("--since")
    {
        Description = "Only digests sealed from then on: 2026-01-31, 2026-01-31T10:00:00Z, 2h, 7d, today, yesterday.",
        HelpName = "TIME",
    };
    static readonly Option<string?> Until = new("--until") { Description = "Only digests sealed until then.", HelpName = "TIME" };
    static readonly Option<bool> Strict = new("--strict") { Description = "Notices, such as declared gaps, are failures too." };
    static readonly Option<bool> Summary = new("--summary") { Description = "Print only the table of chains." };
    static readonly Option<bool> Follow = new("--follow")
    {
        Description = "Verify again and again what is new, and everything once a day.",
    };
    static readonly Option<string?> Metrics = new("--metrics")
    {
        Description = "With --follow: serve metrics and health there.",
        HelpName = "ADDRESS",
    };
    static readonly Option<string?> State = new("--state")
    {
        Description = "With --follow: remember there how far it is.",
        HelpName = "FOLDER",
    };
    static readonly Option<int> Interval = new("--interval")
    {
        Description = "With --follow: the seconds between two rounds.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 60,
    };
    static readonly Option[] OfService = [Metrics, State, Interval];
    static readonly Option<string?> Report = new("--report") { Description = "Also write a page to file, in HTML.", HelpName = "FILE" };

    static readonly Option<string> Format = new Option<string>("--output", "-o")
    {
        Description = "text: for people. json: for programs. junit: for build servers.",
        HelpName = "text|json|junit",
        DefaultValueFactory = _ => TextFormat,
    }.AcceptOnlyFromAmong(TextFormat, Json, Junit);

    internal static Command Build()
    {
        var command = new Command("verify", "Proves that nothing of an archive was changed, removed or left out.")
        {
            Location, Keys, AgentKeys, Heads, Cluster, Trail, Node, Since, Until, Strict, Summary, Format, Report,
            Follow, Metrics, State, Interval, Status, OperatorNamespace, ClusterOption.Kubeconfig, ClusterOption.Context,
        };
        S3Arguments.AddTo(command);
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments, Terminal.Of(arguments), cancellationToken));
        return command;
    }

    static Option<string[]> Files(string name, string description) =>
        new(name) { Description = description, HelpName = "FILE", DefaultValueFactory = _ => [] };

    static async Task<int> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var (options, sources) = Options(arguments, terminal);
        var store = ArchiveRoot.Open(arguments.GetRequiredValue(Location), S3Arguments.Of(arguments));
        if (arguments.GetValue(Follow))
            return await FollowAsync(arguments, store, options, sources, terminal, cancellationToken);
        if (OfService.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false }) is { } other)
            throw new TrailException(ExitCode.BadUsage, $"{other.Name} needs --follow.");
        var given = await sources.ReadAsync(options.Now, withVersions: true, cancellationToken);
        var result = await VerifyAsync(store, options.With(given), terminal, cancellationToken);
        var strict = arguments.GetValue(Strict);
        var gravest = result.Gravest(strict);
        // First: whoever reads the output may have enough before its end.
        var isFiled = arguments.GetValue(Report) is not { } path
            || TryWriteReport(path, HtmlReport.Page(result, gravest, strict), terminal);
        try
        {
            Write(arguments, terminal, result, gravest, strict);
        }
        catch (OutputException e) when (e.IsClosed || gravest is not null)
        {
            if (!e.IsClosed)
                await terminal.Error.WriteLineAsync(ProblemLog.Sentence(e.Message));
        }

        return gravest?.Code() ?? (int)(isFiled ? ExitCode.Ok : ExitCode.BadUsage);
    }

    static (VerificationOptions Options, HeadSources Sources) Options(ParseResult arguments, Terminal terminal)
    {
        var now = TimeProvider.System.GetUtcNow();
        var times = new TimeText(now);
        var scope = new ArchiveScope(
            arguments.GetValue(Cluster), arguments.GetValue(Trail), arguments.GetValue(Node),
            times.Parse(Since.Name, arguments.GetValue(Since)), times.Parse(Until.Name, arguments.GetValue(Until)));
        if (scope.Since > scope.Until)
            throw new TrailException(ExitCode.BadUsage, "--since is after --until.");
        var keys = VerifyInput.Keys(arguments.GetRequiredValue(Keys), arguments.GetRequiredValue(AgentKeys));
        var sources = arguments.GetRequiredValue(Heads).Select(named => ArchiveRoot.IsOne(named)
            ? new AnchoredHeads(ArchiveRoot.Open(named, S3Arguments.Of(arguments)), scope, keys).ReadAsync
            : FileSource(named)).ToList();
        if (arguments.GetValue(Status))
        {
            sources.Add(async (_, _, cancellationToken) => new(
                await StatusHeads.ReadAsync(
                    arguments, scope, arguments.GetRequiredValue(OperatorNamespace), new(terminal.Error.WriteLine), cancellationToken),
                [], []));
        }

        return (new(scope, keys, [], now), new(sources));
    }

    static HeadSource FileSource(string path) => (_, _, _) => Task.FromResult<GivenHeads>(new(VerifyInput.Heads([path]), [], []));

    // Until it is interrupted.
    static async Task<int> FollowAsync(
        ParseResult arguments, IArchiveStore store, VerificationOptions options, HeadSources sources, Terminal terminal,
        CancellationToken cancellationToken)
    {
        var seconds = arguments.GetValue(Interval);
        if (seconds is < 1 or > 3600)
            throw new TrailException(ExitCode.BadUsage, $"--interval {seconds} is not between 1 and 3600 seconds.");
        var state = FollowerState.Load(arguments.GetValue(State));
        var follower = new Follower(store, options, state, TimeProvider.System, terminal.Error.WriteLine) { Sources = sources };
        using var service = new FollowerService(follower, state);
        await using var server = arguments.GetValue(Metrics) is { } address ? await service.StartAsync(address, cancellationToken) : null;
        if (server is not null)
            await terminal.Error.WriteLineAsync($"kubectl trail: serving metrics on {server.Listening}.");
        await follower.RunAsync(TimeSpan.FromSeconds(seconds), cancellationToken);
        return (int)ExitCode.Ok;
    }

    static async Task<VerificationResult> VerifyAsync(
        IArchiveStore store, VerificationOptions options, Terminal terminal, CancellationToken cancellationToken)
    {
        VerificationResult? result = null;
        try
        {
            await Progress.ShowAsync(terminal, "Verifying", async (progress, _) =>
                result = await new Verifier(store, options, new VerificationProgress(progress)).VerifyAsync(cancellationToken));
        }
        catch (StoreException e)
        {
            throw new TrailException(ExitCode.Unreadable, e.Message, e);
        }

        return result!;
    }

    static void Write(ParseResult arguments, Terminal terminal, VerificationResult result, FindingKind? gravest, bool strict)
    {
        if (arguments.GetValue(Format) == Json)
        {
            JsonReport.Write(terminal.JsonOutput, result, gravest);
            return;
        }

        if (arguments.GetValue(Format) == Junit)
        {
            JunitReport.Write(terminal.Output, result, strict);
            return;
        }

        using var output = new StreamWriter(terminal.Output, leaveOpen: true);
        if (!arguments.GetValue(Summary))
            TextReport.Write(output, result, gravest);
        else
            foreach (var line in (string[])[.. TextReport.Table(result), .. ReportText.Notes(result), ReportText.Verdict(result, gravest)])
                output.WriteLine(line);
    }

    static bool TryWriteReport(string path, string page, Terminal terminal)
    {
        try
        {
            File.WriteAllText(path, page);
            return true;
        }
        catch (Exception e) when (WriteFailure.Is(e) || e is ArgumentException or NotSupportedException)
        {
            terminal.Error.WriteLine(ProblemLog.Sentence($"--report {path} cannot be written: {WriteFailure.Reason(e)}"));
            return false;
        }
    }
}
