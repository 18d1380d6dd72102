using System.CommandLine;
using System.Text;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Input;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Policies;

namespace ClusterTrail.Kubectl.Policy;

/// <summary>
/// <c>kubectl trail policy</c>: the audit policy that an API server needs so that Trails get what they select, and can detect.
/// </summary>
static class PolicyCommand
{
    internal const string Examples = """
        Examples:
          # What the API server must record for a Trail
          kubectl trail policy -f trail.yaml > audit-policy.yaml

          # Of its selectors alone
          kubectl trail policy -f trail.yaml --without-detections

          # With what teams add, and where all of it goes on RKE2
          kubectl trail policy -f trail.yaml -f trailselectors.yaml --for rke2
        """;

    static readonly Option<string[]> Files = new("--filename", "-f")
    {
        Description = "A YAML or JSON file of Trails, TrailSelectors, Namespaces and ConfigMaps with rule files; - is standard input. "
            + "Can be repeated.",
        HelpName = "FILE",
        Required = true,
    };

    static readonly Option<string?> For = new Option<string?>("--for")
    {
        Description = "Explain where the policy and the API server's flags go in this distribution.",
        HelpName = string.Join('|', Installation.Distributions),
    }.AcceptOnlyFromAmong([.. Installation.Distributions]);

    static readonly Option<bool> WithoutDetections = new("--without-detections") { Description = "Omit rules that only detections need." };

    internal static Command Build()
    {
        const string description =
            "Prints an audit policy for the API server that provides what Trails select and what their detections need.";
        var command = new Command("policy", description) { Files, For, WithoutDetections };
        command.Runs(RunAsync);
        return command;
    }

    static async Task<ExitCode> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var problems = new ProblemLog(terminal.Error.WriteLine);
        var input = TrailInput.Read(arguments.GetRequiredValue(Files), problems);
        var trails = AttachedTrail.Of(input, problems);
        var log = problems.ExitCode == ExitCode.Ok ? LogOf(input.Trails, arguments.GetValue(For), problems) : null;
        if (problems.ExitCode == ExitCode.Ok && input.Trails.Count > 0 && input.Trails.All(HasNoPolicy))
        {
            problems.Report(
                ExitCode.BadUsage,
                "No Trail reads what an audit policy decides about: with type Bucket and EventHubs the cloud has its own policy, and "
                    + "Admission sees what API servers ask. See docs/sources.md");
        }

        if (problems.ExitCode != ExitCode.Ok)
            return problems.ExitCode;

        var detections = arguments.GetValue(WithoutDetections) ? null : DetectionNeeds.Of(trails.SelectMany(trail => trail.Detections));
        var policy = AuditPolicy.Of([.. trails.SelectMany(trail => trail.Selectors.RuleSets)], detections);
        terminal.Output.Write(Encoding.UTF8.GetBytes(Installation.Text(
            arguments.GetValue(For), PolicyText.Write(policy), log, input.Trails.FirstOrDefault(IsReceived)?.Metadata.Name)));
        terminal.Output.Flush();
        return problems.ExitCode;
    }

    static bool HasNoPolicy(Trail trail) =>
        trail.Spec.Sources.ApiServer.Type is ApiServerSourceType.Bucket or ApiServerSourceType.EventHubs or ApiServerSourceType.Admission;

    static bool IsReceived(Trail trail) => trail.Spec.Sources.ApiServer.Receiver() is not null;

    // An API server writes one log by one policy, and may send its events besides. Null: no Trail reads a log.
    static string? LogOf(IReadOnlyList<Trail> trails, string? distribution, ProblemLog problems)
    {
        var logs = trails.Select(trail => trail.Spec.Sources.ApiServer.LogFile?.Path).OfType<string>().Distinct().ToList();
        if (logs.Count == 0 && distribution is not null && trails.Any(IsReceived))
            problems.Report(
                ExitCode.BadUsage,
                "--for explains where a log goes, but no Trail reads one; without it, the flags are those of the webhook backend");
        if (logs.Count > 1)
            problems.Report(
                ExitCode.BadUsage,
                $"The Trails read {string.Join(" and ", logs)}, but an API server writes one audit log; give them the same path, "
                    + "or give -f the Trails of one");
        return logs.Count == 1 ? logs[0] : null;
    }
}
