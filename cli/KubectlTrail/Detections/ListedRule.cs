using System.Text.Json.Nodes;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Rules.Detections;

namespace ClusterTrail.Kubectl.Detections;

/// <summary>What a list says of a rule.</summary>
sealed record ListedRule(string Pack, DetectionRule Rule)
{
    internal static readonly string[] Titles = ["NAME", "SEVERITY", "PACK", "GROUP", "NEEDS", "ON IN PACK", "DESCRIPTION"];
    internal static readonly string[] MoreTitles = ["TAGS", "PARITY", "RUNBOOK"];

    /// <summary>All of them, the gravest first.</summary>
    internal static IReadOnlyList<ListedRule> OfPacks() =>
    [
        .. from pack in Packs.All
           from rule in pack.Content.Rules
           orderby rule.Severity descending, rule.Name
           select new ListedRule(pack.Name, rule),
    ];

    internal IEnumerable<string> Cells =>
    [
        Rule.Name, SeverityText.Of(Rule.Severity), Pack, Rule.Group, Needs,
        Rule.Enabled ? "yes" : "no", Rule.Description,
    ];

    internal IEnumerable<string> MoreCells => [string.Join(',', Rule.Tags), Rule.Parity ?? "", Rule.Runbook ?? ""];

    internal JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["name"] = Rule.Name,
            ["severity"] = SeverityText.Of(Rule.Severity),
            ["pack"] = Pack,
            ["group"] = Rule.Group,
            ["source"] = $"{Rule.Source}",
            ["enabled"] = Rule.Enabled,
            ["description"] = Rule.Description,
            ["tags"] = Texts(Rule.Tags),
        };
        if (Rule.Source == RuleSource.Audit)
            json["needs"] = new JsonObject { ["level"] = Level, ["stages"] = Texts(Rule.Stages.Select(stage => $"{stage}")) };
        if (Rule.Parity is { } parity)
            json["parity"] = parity;
        if (Rule.Runbook is { } runbook)
            json["runbook"] = runbook;
        return json;
    }

    // A rule on processes needs nothing of the audit policy, but a source of the agent.
    string Needs => Rule.Source == RuleSource.Process ? "Processes" : $"{Level}, {string.Join(" or ", Rule.Stages)}";

    string Level => $"{new Detection(Rule).BodyLevel}";

    static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
