using System.Diagnostics.Metrics;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Operator;

/// <summary>
/// Trails as metrics, as in the copy of the cluster that every replica keeps: waiting ones show the same as the one that works.
/// </summary>
static class TrailGauges
{
    static readonly IReadOnlyList<string> Statuses = ["True", "False", "Unknown"];

    /// <summary>Three series for each condition. A Trail without conditions yet has Ready, unknown.</summary>
    /// <remarks>Ready comes first: a metric has room for 1,000 series, and with very many Trails the others go without.</remarks>
    public static IEnumerable<Measurement<int>> Conditions(IEnumerable<Trail> trails) =>
        from judged in trails.SelectMany(trail =>
            ConditionsOf(trail).Select(condition => (Trail: trail.Metadata.Name, condition.Type, condition.Status)))
        orderby judged.Type == TrailConditions.Ready descending
        from status in Statuses
        select new Measurement<int>(
            judged.Status == status ? 1 : 0, new("trail", judged.Trail), new("type", judged.Type), new("status", status));

    public static IEnumerable<Measurement<int>> Logging(IEnumerable<Trail> trails) =>
        trails.Select(trail =>
            new Measurement<int>(trail.Spec.Logging ? 1 : 0, new KeyValuePair<string, object?>("trail", trail.Metadata.Name)));

    /// <summary>A condition has no room for a reason, and this one is graver than the others.</summary>
    public static IEnumerable<Measurement<int>> MovedBack(IEnumerable<Trail> trails) =>
        from trail in trails
        let intact = ConditionsOf(trail).FirstOrDefault(condition => condition.Type == IntactCondition.Type)
        let anchored = ConditionsOf(trail).FirstOrDefault(condition => condition.Type == AnchoredCondition.Type)
        select new Measurement<int>(
            intact is { Status: "False", Reason: IntactCondition.ChainMovedBack }
                || anchored is { Status: "False", Reason: AnchoredCondition.AnchorAhead } ? 1 : 0,
            new KeyValuePair<string, object?>("trail", trail.Metadata.Name));

    /// <summary>What is proven to be missing, and what may be: as the condition Complete tells it for a day.</summary>
    public static IEnumerable<Measurement<long>> MissingEvents(IEnumerable<Trail> trails) =>
        from trail in trails
        from count in trail.Status?.Completeness ?? []
        from bound in new[] { ("least", count.MissingAtLeast), ("most", count.MissingAtMost) }
        select new Measurement<long>(
            bound.Item2 + count.EarlierMissing, new("trail", trail.Metadata.Name), new("node", count.Name), new("bound", bound.Item1));

    static IReadOnlyList<V1Condition> ConditionsOf(Trail trail) =>
        trail.Status?.Conditions is { Count: > 0 } judged ? judged : [new() { Type = TrailConditions.Ready, Status = "Unknown" }];
}
