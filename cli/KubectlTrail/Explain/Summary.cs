using System.Text.Json.Nodes;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Rules.Detections;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Kubectl.Explain;

/// <summary>What an agent would have recorded and found in all events together.</summary>
sealed class Summary(AgentRules rules)
{
    static readonly string[] Titles = ["RULE", "SEVERITY", "FINDINGS", "NOT EVALUABLE", "NEEDS"];

    readonly Detector detector = new(rules.Detections);
    readonly long[] findings = new long[rules.Detections.Detections.Count];
    long events;
    long recorded;
    long counted;

    internal void Add(in AuditEvent audit)
    {
        var level = audit.IsProcess ? audit.Level : rules.LevelOf(audit);
        recorded += level >= AuditLevel.Metadata ? 1 : 0;
        counted += level == AuditLevel.Aggregate ? 1 : 0;
        detector.Detect(audit, new(default, events++));
        foreach (var finding in detector.Findings)
            findings[finding.Rule]++;
    }

    /// <summary>The table; to be asked for once.</summary>
    internal IEnumerable<string> Lines()
    {
        var found = Rules();
        var silent = findings.Length - found.Count;
        return
        [
            Printable.Escape($"{events} events, {recorded} recorded{(counted > 0 ? $", {counted} counted in Aggregate records" : "")}{rules.Of}"),
            .. found.Count == 0 ? [] : Columns.Align([Titles, .. found.Select(Cells)]),
            $"{silent}{(found.Count == 0 ? "" : " other")} {(silent == 1 ? "rule" : "rules")} found nothing",
        ];
    }

    /// <summary>The same for programs; to be asked for once.</summary>
    internal JsonObject ToJson() => new()
    {
        ["trail"] = rules.Trail,
        ["events"] = events,
        ["recorded"] = recorded,
        ["aggregated"] = counted,
        ["rules"] = new JsonArray([.. Rules().Select(found => new JsonObject
        {
            ["rule"] = found.Rule.Name,
            ["severity"] = SeverityText.Of(found.Rule.Severity),
            ["findings"] = found.Findings,
            ["notEvaluable"] = found.NotEvaluable,
            ["needs"] = found.Needs,
        })]),
    };

    static string[] Cells(Found found) =>
        [found.Rule.Name, SeverityText.Of(found.Rule.Severity), $"{found.Findings}", $"{found.NotEvaluable}", found.Needs ?? ""];

    List<Found> Rules() =>
    [
        .. from rule in Enumerable.Range(0, findings.Length)
           let notEvaluable = detector.TakeCounts(rule).ThrowIfFailed(rules.Detections[rule].Rule.Name).NotEvaluable
           where findings[rule] > 0 || notEvaluable > 0
           orderby rules.Detections[rule].Rule.Severity descending, findings[rule] descending
           select new Found(rules.Detections[rule].Rule, findings[rule], notEvaluable, notEvaluable > 0 ? detector.Needs(rule) : null),
    ];

    sealed record Found(DetectionRule Rule, long Findings, long NotEvaluable, string? Needs);
}
