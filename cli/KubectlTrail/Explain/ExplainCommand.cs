using System.CommandLine;
using System.Text;
using ClusterTrail.Contract.Detections;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Input;
using ClusterTrail.Kubectl.Shared;

namespace ClusterTrail.Kubectl.Explain;

/// <summary><c>kubectl trail explain</c>: which selectors and rules match an event, and why the others do not.</summary>
static class ExplainCommand
{
    internal const string Examples = """
        Examples:
          # Why is this event recorded, and why does no rule fire?
          kubectl trail explain event.json -f trail.yaml

          # Why does this rule not fire?
          kubectl trail explain event.json --rule pod-exec

          # What would fire here?
          kubectl trail explain /var/log/kubernetes/audit/audit.log --summary

          # The same of what is in an archive, by one's own rules
          kubectl trail cat ./archive | kubectl trail explain - --rules my-rules.yaml --summary
        """;

    const string Tree = "tree";
    const string Json = "json";

    static readonly Argument<string> File = new("EVENT")
    {
        Description = "A file of events of audit.k8s.io/v1: one event, an audit log, or records of an archive; - is standard input.",
    };

    static readonly Option<string[]> Trails = new("--filename", "-f")
    {
        Description = "A file of Trails, TrailSelectors and Namespaces whose selectors and rules to explain. "
            + "Without it, everything is recorded and the rules of all packs are enabled.",
        HelpName = "FILE",
    };

    static readonly Option<string[]> OfPack = PackOption.Build();

    static readonly Option<string[]> Rules = new("--rules")
    {
        Description = "A rule file. Then only the packs of --pack are used. Can be repeated.",
        HelpName = "FILE",
    };

    static readonly Option<string[]> OfRule = new("--rule")
    {
        Description = "Explain only this rule, even if it is disabled. Can be repeated.",
        HelpName = "RULE",
    };

    static readonly Option<bool> All = new("--all") { Description = "Also show rules about other verbs and resources." };

    static readonly Option<bool> Summary = new("--summary") { Description = "Print only how often each rule fires." };

    static readonly Option<string> Format = new Option<string>("--output", "-o")
    {
        Description = "tree: for people. json: one line per event, and one for the summary.",
        HelpName = $"{Tree}|{Json}",
        DefaultValueFactory = _ => Tree,
    }.AcceptOnlyFromAmong(Tree, Json);

    internal static Command Build()
    {
        var command = new Command("explain", "Shows which selectors and detections match an event, and why the others do not.")
        {
            File, Trails, OfPack, Rules, OfRule, All, Summary, Format,
        };
        command.Runs(RunAsync);
        return command;
    }

    static async Task<ExitCode> RunAsync(ParseResult arguments, Terminal terminal, CancellationToken cancellationToken)
    {
        var problems = new ProblemLog(terminal.Error.WriteLine);
        var rules = await RulesAsync(arguments, problems, cancellationToken);
        if (problems.ExitCode != ExitCode.Ok)
            return problems.ExitCode;

        var isJson = arguments.GetValue(Format) == Json;
        await using var output = new StreamWriter(
            new BufferedStream(isJson ? terminal.JsonOutput : terminal.Output), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            leaveOpen: true);
        var explainer = new Explainer(
            rules, output, isJson, arguments.GetValue(Summary), arguments.GetValue(All) || arguments.GetValue(OfRule) is { Length: > 0 });
        var file = arguments.GetRequiredValue(File);
        explainer.Explain(file, problems, cancellationToken);
        return problems.ExitCode;
    }

    static async Task<IReadOnlyList<AgentRules>> RulesAsync(ParseResult arguments, ProblemLog problems, CancellationToken cancellationToken)
    {
        var (trails, packs, files, only) = (
            arguments.GetValue(Trails) ?? [], arguments.GetValue(OfPack) ?? [], arguments.GetValue(Rules) ?? [],
            arguments.GetValue(OfRule) ?? []);
        PackOption.Check(packs);
        if (trails.Length > 0 && packs.Length + files.Length > 0)
            throw new TrailException(ExitCode.BadUsage, "With -f the Trail decides which rules are enabled; omit --pack and --rules");
        if (trails.Contains(EventReader.StandardInput) && arguments.GetRequiredValue(File) == EventReader.StandardInput)
            throw new TrailException(ExitCode.BadUsage, "Standard input can be used for EVENT or -f, not for both");
        if (trails.Length > 0)
        {
            var input = TrailInput.Read(trails, problems);
            return [.. AttachedTrail.Of(input, problems).Select(trail => AgentRules.OfTrail(trail, only))];
        }

        return [AgentRules.OfNoTrail(ActiveDetections(packs, [.. files.Select(RulesOfFile.Read)], only), only)];
    }

    static DetectionsFile ActiveDetections(string[] packs, IReadOnlyList<RuleFile> files, IReadOnlyList<string> only) => new()
    {
        Packs = packs.Length > 0 ? packs : files.Count > 0 ? [] : [.. Packs.All.Select(pack => pack.Name)],
        Enable = only,
        Lists = NamedLists.Union(files.Select(file => file.Lists)),
        Rules = [.. files.SelectMany(file => file.Rules)],
    };
}
