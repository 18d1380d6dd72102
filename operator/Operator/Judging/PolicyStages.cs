using ClusterTrail.Contract.Selectors;
using ClusterTrail.Contract.Status;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Judging;

/// <summary>Stages that the audit policy omits and selectors do not. Pure.</summary>
static class PolicyStages
{
    const int MostRules = 10;

    /// <summary>The rules of the Trail that some agent misses the stage of.</summary>
    public static IReadOnlyList<int> Missing(IEnumerable<(string Node, PolicyStatus Policy)> policies, AuditStage stage) =>
    [
        .. policies.SelectMany(one => one.Policy.MissingStages).Where(one => one.Stage == stage).Select(one => one.Rule).Distinct().Order(),
    ];

    public static string NoEnds(Trail trail, IReadOnlyList<int> rules) =>
        $"The audit policy omits the stage ResponseComplete of what {(trail.Spec.Selectors is null ? "the Trail" : Names(rules))} would "
            + "record: requests arrive, and what became of them does not. "
            + "Remove ResponseComplete from omitStages of the API server's audit policy, and of the rules in it.";

    // Nothing is lost by it: the end of a request has all that its beginning has.
    public static string NoStarts(IReadOnlyList<int> rules) =>
        $"The audit policy omits the stage RequestReceived of what {Names(rules)} would record, which says nothing that ResponseComplete "
            + "does not; RequestReceived in spec.omitStages says that it is not wanted.";

    static string Names(IReadOnlyList<int> rules) =>
        string.Join(", ", rules.Take(MostRules).Select(rule => $"spec.selectors[{rule}]"))
            + (rules.Count > MostRules ? $" and {rules.Count - MostRules} more" : "");
}
