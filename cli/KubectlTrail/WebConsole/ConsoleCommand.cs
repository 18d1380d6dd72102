using System.CommandLine;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Kubectl.Archives;
using ClusterTrail.Kubectl.Clusters;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Lake.Export;
using ClusterTrail.Lake.Query;
using ClusterTrail.WebConsole;
using ClusterTrail.WebConsole.Sources;

namespace ClusterTrail.Kubectl.WebConsole;

/// <summary><c>kubectl trail console</c>: the records of an archive as pages in a browser of this machine.</summary>
static class ConsoleCommand
{
    internal const string Examples = """
        Examples:
          # The last seven days
          kubectl trail console s3://audit/prod --key auditor.key.pem

          # A day, on a machine without a browser: forward the port, and open what is printed
          kubectl trail console ./archive --since 2026-03-01 --until 2026-03-02 --port 8123 --no-browser

          # With what the digests prove, and the Trails of a cluster
          kubectl trail console s3://audit/prod --key auditor.key.pem --keys operator.pub.pem --context prod
        """;

    static readonly TimeSpan UsualTime = TimeSpan.FromDays(7);

    static readonly Argument<string> LocationArgument = new("LOCATION")
    {
        Description = "An archive's folder, a part of one, an export, or s3://bucket/prefix.",
    };

    static readonly Option<int> Port = new("--port")
    {
        Description = "The port of 127.0.0.1 to listen on. The default, 0, is any that is free.",
        HelpName = "PORT",
    };

    static readonly Option<bool> NoBrowser = new("--no-browser") { Description = "Only print the address." };

    static readonly Option<string[]> Keys = Files("--keys", "The public keys of operators, in PEM: the archive is verified meanwhile.");
    static readonly Option<string[]> AgentKeys = Files("--agent-keys", "The public keys of agents without an operator, in PEM.");

    static readonly Option<string?> Memory = new("--memory")
    {
        Description = "How much memory the database may take: 512MiB, 4GiB. Default: half of the machine's.",
        HelpName = "SIZE",
    };

    internal static Command Build(IConsoleParts parts)
    {
        var command = new Command("console", "Shows an archive in a browser: who did what, findings, integrity.")
        {
            LocationArgument, KmsOptions.KeyFile, Port, NoBrowser, Keys, AgentKeys, VerifiedLocation.Option, Memory,
            ClusterOption.Kubeconfig, ClusterOption.Context,
        };
        foreach (var option in (Option[])[.. RangeOptions.OfTime, .. RangeOptions.OfPlace])
            command.Add(option);
        S3Arguments.AddTo(command);
        KmsOptions.AddTo(command);
        command.Runs((arguments, terminal, cancellationToken) => RunAsync(arguments, terminal, parts, cancellationToken));
        return command;
    }

    static Option<string[]> Files(string name, string description) =>
        new(name) { Description = description, HelpName = "FILE", DefaultValueFactory = _ => [] };

    static async Task<ExitCode> RunAsync(
        ParseResult arguments, Terminal terminal, IConsoleParts parts, CancellationToken cancellationToken)
    {
        var port = arguments.GetValue(Port);
        if (port is < 0 or > ushort.MaxValue)
            throw new TrailException(ExitCode.BadUsage, $"--port {port} is not a port; give one up to 65535, or 0 for any that is free.");
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var range = Range(arguments, TimeProvider.System.GetUtcNow());
        var verification = parts.Verification(Request(arguments, range), ended.Token);
        var archive = await OpenAsync(arguments, range, terminal, cancellationToken);
        using var database = archive.Database;
        archive = archive with
        {
            Integrity = verification is null ? IntegrityCheck.None : IntegrityCheck.Start(verification),
            Trails = asked => parts.TrailsAsync(arguments, asked),
        };
        await using (var server = await ConsolePages.ServeAsync(archive, port, cancellationToken))
            await ShowAsync(server.FirstUrl, arguments.GetValue(NoBrowser), terminal, cancellationToken);
        await ended.CancelAsync();
        await archive.Integrity.EndAsync();
        return ExitCode.Ok;
    }

    // Until it is interrupted, which is how it ends.
    static async Task ShowAsync(Uri address, bool noBrowser, Terminal terminal, CancellationToken cancellationToken)
    {
        terminal.Output.Write(System.Text.Encoding.UTF8.GetBytes($"{address}\n"));
        terminal.Output.Flush();
        using var browser = noBrowser ? null : Browser.Open(address);
        await terminal.Error.WriteLineAsync(
            browser is null
                ? "Open the address above in a browser of this machine. Press Ctrl+C to end the console."
                : "The console opens in your browser; if it does not, open the address above. Press Ctrl+C to end the console.");
        await Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    static async Task<ConsoleArchive> OpenAsync(
        ParseResult arguments, TimeRange range, Terminal terminal, CancellationToken cancellationToken)
    {
        var sentences = new List<string>();
        var name = arguments.GetRequiredValue(LocationArgument);
        var scope = RangeOptions.Scope(arguments, range);
        ListedLocation? listed = null;
        var options = arguments.GetValue(Memory) is { } memory ? new(MemoryText.Parse(memory)) : DatabaseOptions.Default;
        EventDatabase? database = null;
        await Progress.ShowAsync(terminal, "Reading objects", async (progress, writeLine) =>
        {
            var observed = new SearchProgress(progress, new(Noted));
            try
            {
                using var opener = KmsOptions.Opener(arguments);
                var verified = await VerifiedLocation.OpenAsync(
                    arguments, name, range, arguments.GetRequiredValue(Keys), observed, cancellationToken);
                database = await new EventLocation(name, S3Arguments.Of(arguments)).OpenAsync(
                    location => new(listed = new(verified ?? location), new(opener), scope, observed) { LooksBack = verified is null },
                    scope, range, options, cancellationToken);
            }
            finally
            {
                observed.Flush();
            }

            void Noted(string sentence)
            {
                writeLine(sentence);
                lock (sentences)
                    sentences.Add(sentence[ProblemLog.Prefix.Length..]);
            }
        });
        return new(name, database!, range, sentences) { Objects = ObjectIndex.Of(listed?.Objects ?? []) };
    }

    static TimeRange Range(ParseResult arguments, DateTimeOffset now)
    {
        var range = RangeOptions.Range(arguments, new(now));
        return range.Since is null ? range with { Since = (range.Until ?? now) - UsualTime } : range;
    }

    static ConsoleRequest Request(ParseResult arguments, TimeRange range)
    {
        var scope = RangeOptions.Scope(arguments, range);
        return new(
            arguments.GetRequiredValue(LocationArgument), S3Arguments.Of(arguments),
            new(scope.Cluster, scope.Trail, scope.Node, range.Since, range.Until),
            arguments.GetRequiredValue(Keys), arguments.GetRequiredValue(AgentKeys));
    }
}
