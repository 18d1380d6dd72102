using System.Diagnostics.Metrics;
using ClusterTrail.Trails;

namespace ClusterTrail.Operator.Judging;

/// <summary>Trails' conditions as a metric, as in the clusters that replicas watch: waiting ones show the same as the one that works.</summary>
static class ConditionGauge
{
    static readonly IReadOnlyList<string> Statuses = ["True", "False", "Unknown"];

    /// <summary>Three series for each condition. A Trail that nobody judged yet has Ready, unknown.</summary>
    public static IEnumerable<Measurement<int>> Of(IEnumerable<Trail> trails) =>
        from trail in trails
        from condition in ConditionsOf(trail)
        from status in Statuses
        select new Measurement<int>(
            condition.Status == status ? 1 : 0, new("trail", trail.Metadata.Name), new("type", condition.Type), new("status", status));

    static IEnumerable<(string Type, string Status)> ConditionsOf(Trail trail) => trail.Status?.Conditions is { Count: > 0 } judged
        ? judged.Select(condition => (condition.Type, condition.Status))
        : [(TrailConditions.Ready, "Unknown")];
}
