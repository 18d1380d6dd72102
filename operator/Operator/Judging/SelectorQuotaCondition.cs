using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Judging;

/// <summary>Whether all TrailSelectors are within their quotas. Pure.</summary>
/// <remarks>It takes no part in Ready: a Trail records what the others select. It is there once a quota was exceeded.</remarks>
static class SelectorQuotaCondition
{
    public const string Type = "SelectorsWithinQuota";

    const int MostNamespaces = 10;

    public static IEnumerable<Verdict> Evaluate(TrailView view)
    {
        if (view.OverQuota.Count > 0 || view.LeftOut.Count > 0)
            yield return new(Type, false, "QuotaExceeded", $"{Over(view)}{LeftOut(view)} docs/operator.md names the quotas.");
        else if (view.Before(Type) is not null)
            yield return new(Type, true, "WithinQuota", "All TrailSelectors are within their quotas.");
    }

    static string Over(TrailView view) => view.OverQuota.Count == 0 ? "" :
        "These namespaces have more TrailSelectors, or more rules in them, than this Trail takes up, and the newest are left out: "
            + $"{List([.. view.OverQuota.Select(over => $"{over.Key} ({over.Value})")])}.";

    static string LeftOut(TrailView view) => view.LeftOut.Count == 0 ? "" :
        $" These have so many that the operator does not read all of them: {List(view.LeftOut)}.";

    static string List(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostNamespaces)) + (names.Count > MostNamespaces ? $" and {names.Count - MostNamespaces} more" : "");
}
