using ClusterTrail.Contract.Detections;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Explaining;

namespace ClusterTrail.Kubectl.Explain;

/// <summary>An explained event as a tree for people. Pure.</summary>
static class ExplanationTree
{
    /// <param name="ofOne">One event, by the rules of each Trail.</param>
    internal static IEnumerable<string> Lines(IReadOnlyList<ExplainedEvent> ofOne) =>
        new Branch(
            $"{ofOne[0].Head}",
            [.. ofOne.SelectMany((one, at) =>
                one.Start is not null && at > 0 ? [Detections(one)] : new[] { Selectors(one), Detections(one) })]).Lines();

    static Branch Selectors(ExplainedEvent one) => one.Start is { } start
        ? Branch.Of("who started it", start)
        : new($"selectors{one.By.Of}: {Recorded(one)}", [.. one.Sets.Select(Set)]);

    static string Recorded(ExplainedEvent one) =>
        one.Recorded == AuditLevel.None ? "not recorded"
        : one.Recorded == AuditLevel.Aggregate ? "counted in an Aggregate record of five minutes, with no record of its own"
        : $"recorded at level {one.Recorded}{(one.Cut.Count == 0 ? "" : $", without {string.Join(" and ", one.Cut)}")}";

    static Branch Set(SetExplanation set) => set.Miss is { } miss
        ? new($"{set.Name} no: {miss}", [])
        : new(set.Name,
            [.. set.Rules.Select(Rule), .. set.Rules is [.., { Matches: true }] ? Array.Empty<Branch>() : [new("no rule matches", [])]]);

    static Branch Rule(RuleExplanation rule, int at) => new($"rules[{at}] {(rule.Matches ? "matches" : "no")}: {rule.Why}", []);

    static Branch Detections(ExplainedEvent one)
    {
        var fires = one.Detections.Count(detection => detection.Explanation.Verdict == Verdict.Fires);
        var others = one.Others == 0 ? "" : $"; {Count(one.Others, "more is", "more are")} about other verbs or resources";
        return Branch.Of(
            $"detections{one.By.Of}: {Count(fires, "fires", "fire")} of {one.Detections.Count}{others}",
            Columns.Align(one.Detections.Select(detection => new[] { detection.Rule.Name, Said(detection.Rule, detection.Explanation) })));
    }

    static string Said(DetectionRule rule, DetectionExplanation explanation) => explanation.Verdict switch
    {
        Verdict.Fires => $"fires ({SeverityText.Of(rule.Severity)})",
        Verdict.Counts => explanation.Why,
        Verdict.NotEvaluable => $"not evaluable: {explanation.Why}",
        Verdict.Excepted => $"excepted: {explanation.Why}",
        _ => $"no: {explanation.Why}",
    };

    static string Count(int count, string one, string several) => $"{count} {(count == 1 ? one : several)}";
}
