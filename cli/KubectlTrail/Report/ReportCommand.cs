using System.CommandLine;
using System.Globalization;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Kubectl.Archives;
using ClusterTrail.Kubectl.Printing;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Lake.Events;
using ClusterTrail.Lake.Export;
using ClusterTrail.Lake.Query;
using ClusterTrail.Verification;
using ClusterTrail.Verification.Findings;
using ClusterTrail.Verification.Stores;

namespace ClusterTrail.Kubectl.Report;

/// <summary><c>kubectl trail report</c>: what auditors ask of a period, with the controls that it is evidence for.</summary>
static class ReportCommand
{
    internal const string Examples = """
        Examples:
          # A quarter for the auditor of PCI DSS, with proof that the archive is whole
          kubectl trail report s3://audit/prod --key auditor.key.pem --keys operator.pub.pem \
            --since 2026-07-01 --until 2026-10-01 --for pci > 2026-q3.html

          # Of an export, for a program
          kubectl trail report ./export --since 30d --for soc2 -o json
        """;

    const string Html = "html";
    const string Json = "json";

    static readonly Argument<string> LocationArgument = new("LOCATION")
    {
        Description = "An archive's folder, s3://bucket/prefix, or an export.",
    };

    static readonly Option<string> For = new Option<string>("--for")
    {
        Description = "Whose controls the parts of the report are mapped to.",
        HelpName = string.Join('|', Frameworks.Names),
        Required = true,
    }.AcceptOnlyFromAmong([.. Frameworks.Names]);

    static readonly Option<string[]> Keys = new("--keys")
    {
        Description = "The operator's public key, as kubectl trail keys export prints it: the archive is verified with it. Can be repeated.",
        HelpName = "FILE",
        DefaultValueFactory = _ => [],
    };

    static readonly Option<string?> ReviewedFile = new("--reviewed")
    {
        Description = "A YAML file of findings that somebody has looked at: findings: [{ rule or id, by, note }].",
        HelpName = "FILE",
    };

    static readonly Option<string> Format = new Option<string>("--output", "-o")
    {
        Description = "html: a page that needs nothing besides. json: one object.",
        HelpName = $"{Html}|{Json}",
        DefaultValueFactory = _ => Html,
    }.AcceptOnlyFromAmong(Html, Json);

    internal static Command Build()
    {
        var command = new Command("report", "Makes a report for auditors: access, changes, findings, integrity.")
        {
            LocationArgument, For, KmsOptions.KeyFile,
        };
        foreach (var option in (Option[])[Keys, ReviewedFile, .. RangeOptions.OfTime, .. RangeOptions.OfPlace, Format])
            command.Add(option);
        S3Arguments.AddTo(command);
        KmsOptions.AddTo(command);
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments, Terminal.Of(arguments), cancellationToken));
        return command;
    }

    static async Task<int> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var location = arguments.GetRequiredValue(LocationArgument);
        var framework = Enum.Parse<Framework>(arguments.GetRequiredValue(For), ignoreCase: true);
        var reviewed = Reviewed.Read(arguments.GetValue(ReviewedFile));
        var trusted = VerifyInput.Keys(arguments.GetRequiredValue(Keys), []);
        var s3 = S3Arguments.Of(arguments);
        if (trusted.Operators.Count > 0 && await ExportedEvents.FindAsync(location, s3, cancellationToken) is not null)
            throw VerifiedLocation.IsExport(location, "--keys");
        var problems = new ProblemLog(_ => { });
        var sentences = new List<string>();
        var (made, sections) = (TimeProvider.System.GetUtcNow(), Array.Empty<Section>() as IReadOnlyList<Section>);
        EventDatabase? opened = null;
        OpenedArchive? archive = null;
        await Progress.ShowAsync(terminal, "Reading objects", async (progress, writeLine) =>
        {
            problems = new ProblemLog(line =>
            {
                sentences.Add(line);
                writeLine(line);
            });
            archive = new(arguments, location, new(progress, problems));
            sections = Sections.Of(Time(archive.Range.Since), Time(archive.Range.Until ?? made));
            opened = await archive.EventsAsync(Columns(sections, cancellationToken), DatabaseOptions.Default, isVerified: false, cancellationToken);
        });
        using var database = opened!;
        using var session = database.Connect();
        var scope = Scope(arguments, archive!.Range);
        var integrity = trusted.Operators.Count == 0
            ? null
            : await VerifyAsync(ArchiveRoot.Open(location, s3), new(scope, trusted, [], TimeProvider.System.GetUtcNow()), terminal, cancellationToken);
        var answers = sections.Select(section => SectionAnswer.Of(section, session, ValueText.Of, cancellationToken)).ToList();
        var findings = FindingState.All(session, reviewed, ValueText.Of, out var count, out var open, cancellationToken);
        foreach (var name in reviewed.Unmatched)
            await terminal.Error.WriteLineAsync(ProblemLog.Sentence($"--reviewed names {name}, which is no grave finding of this period."));
        var content = new ReportContent(
            location, scope, framework, archive.Range, made, answers, sentences, integrity,
            new(findings, count, open));
        var isJson = arguments.GetValue(Format) == Json;
        await using var output = new StreamWriter(isJson ? terminal.JsonOutput : terminal.Output, leaveOpen: true);
        await output.WriteAsync(isJson ? ReportJson.Of(content) + "\n" : ReportPage.Of(content));
        return integrity?.Gravest(strict: false)?.Code() ?? (int)problems.ExitCode;
    }

    static ArchiveScope Scope(ParseResult arguments, TimeRange range) => new(
        RangeOptions.ClusterOf(arguments), RangeOptions.TrailOf(arguments), RangeOptions.NodeOf(arguments), range.Since, range.Until);

    // A period without a beginning has no pause at it.
    static string Time(DateTimeOffset? time) => time is { } known
        ? string.Create(CultureInfo.InvariantCulture, $"TIMESTAMPTZ '{known.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z'")
        : "NULL::TIMESTAMPTZ";

    // Not the whole record, which takes most of the memory.
    static HashSet<EventColumn> Columns(IReadOnlyList<Section> sections, CancellationToken cancellationToken) =>
    [
        .. sections.Select(section => section.Sql).Append(FindingState.Sql)
            .SelectMany(sql => QueryPlan.Columns(sql, cancellationToken)),
    ];

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
}
