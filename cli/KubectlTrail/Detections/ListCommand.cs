using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Yaml;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Input;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Kubectl.Detections;

/// <summary><c>kubectl trail detections list</c>: the rules of the built-in packs.</summary>
static class ListCommand
{
    internal const string Examples = """
        Examples:
          # All built-in rules
          kubectl trail detections list

          # The grave ones of a pack, with tags and runbooks
          kubectl trail detections list --pack baseline --severity high --severity critical -o wide
        """;

    const string Table = "table";
    const string Wide = "wide";
    const string Json = "json";
    const string Yaml = "yaml";

    static readonly string Note = $"""

        ON IN PACK: whether a Trail that has the pack in spec.detections.packs evaluates the rule.
        The default is {string.Join(", ", new TrailDetections().Packs)}. spec.detections.enable and disable switch single rules on and off.
        """;

    static readonly Option<string[]> OfPack = PackOption.Build();

    static readonly Option<string[]> OfSeverity = new Option<string[]>("--severity")
    {
        Description = "List only rules of this severity. Can be repeated.",
        HelpName = string.Join('|', Severities),
    }.AcceptOnlyFromAmong([.. Severities]);

    static readonly Option<string> Format = new Option<string>("--output", "-o")
    {
        Description =
            "table: one line per rule. wide: with tags, the Falco rule that it implements, and its runbook. json, yaml: one list.",
        HelpName = $"{Table}|{Wide}|{Json}|{Yaml}",
        DefaultValueFactory = _ => Table,
    }.AcceptOnlyFromAmong(Table, Wide, Json, Yaml);

    static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    static IEnumerable<string> Severities => Enum.GetValues<DetectionSeverity>().Select(SeverityText.Of);

    internal static Command Build()
    {
        var command = new Command("list", "Lists the built-in rules.") { OfPack, OfSeverity, Format };
        command.SetAction(arguments => (int)Run(arguments, Terminal.Of(arguments)));
        return command;
    }

    static ExitCode Run(ParseResult arguments, Terminal terminal)
    {
        var (packs, severities) = (arguments.GetValue(OfPack) ?? [], arguments.GetValue(OfSeverity) ?? []);
        PackOption.Check(packs);
        var rules = ListedRule.OfPacks()
            .Where(rule => packs.Length == 0 || packs.Contains(rule.Pack))
            .Where(rule => severities.Length == 0 || severities.Contains(SeverityText.Of(rule.Rule.Severity)))
            .ToList();
        terminal.Output.Write(Encoding.UTF8.GetBytes(arguments.GetValue(Format) switch
        {
            Json => new JsonArray([.. rules.Select(rule => rule.ToJson())]).ToJsonString(Readable) + "\n",
            Yaml => YamlWriter.Write([new JsonArray([.. rules.Select(rule => rule.ToJson())])]),
            Wide => Lines([.. ListedRule.Titles, .. ListedRule.MoreTitles], rules.Select(rule => rule.Cells.Concat(rule.MoreCells))),
            _ => Lines(ListedRule.Titles, rules.Select(rule => rule.Cells)),
        }));
        terminal.Output.Flush();
        if (arguments.GetValue(Format) is Table or Wide)
            terminal.Error.WriteLine(Note);
        return ExitCode.Ok;
    }

    static string Lines(string[] titles, IEnumerable<IEnumerable<string>> rows) =>
        string.Concat(Columns.Align([titles, .. rows.Select(row => row.ToArray())]).Select(line => line + "\n"));
}
