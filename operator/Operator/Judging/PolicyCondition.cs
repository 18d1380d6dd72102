using ClusterTrail.Contract.Selectors;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Judging;

/// <summary>Whether events arrive at the levels that selectors ask for, which the API server's audit policy decides. Pure.</summary>
/// <remarks>
/// It takes no part in Ready: what arrives is recorded. Caveat: a policy that leaves events out altogether does not show, since nobody
/// can know whether there were any.
/// </remarks>
static class PolicyCondition
{
    public const string Type = "PolicySufficient";

    // Of fewer nobody can say that nothing is missing.
    const long LeastEvents = 10;

    // An agent that has just started remembers nothing, and meets again what is lacking within that time, if it is not rare.
    static readonly TimeSpan Settled = TimeSpan.FromHours(1);

    public static IEnumerable<Verdict> Evaluate(TrailView view)
    {
        // What API servers ask by admission has no level.
        if (view.Trail.Spec.Sources.ApiServer.Type != ApiServerSourceType.Admission)
            yield return Judge(view);
    }

    static Verdict Judge(TrailView view)
    {
        var reporting = view.Reporting.ToList();
        if (reporting.Count == 0)
        {
            return view.SameIf(Type, view.Trail.Status?.Selectors?.Hash == view.SelectorsHash)
                ?? new(Type, null, "NotAsked", "No agent answers yet.");
        }

        var synced = reporting.Where(report => report.Status.Selectors.Hash == view.SelectorsHash).ToList();
        var policies = synced.Select(report => (report.Agent.Node, report.Status.Selectors.Policy)).Where(one => one.Policy is not null)
            .Select(one => (one.Node, Policy: one.Policy!)).ToList();
        if (policies.Any(one => one.Policy.Shortfalls.Count > 0))
            return PolicyShortfalls.Judge(view, policies, Type);
        if (PolicyStages.Missing(policies, AuditStage.ResponseComplete) is { Count: > 0 } ended)
            return new(Type, false, "StageMissing", PolicyStages.NoEnds(view.Trail, ended));
        if (synced.Count < reporting.Count)
        {
            return Earlier(view) ?? new(
                Type, null, "Syncing",
                $"{synced.Count} of {reporting.Count} agents use the newest selectors; kubelets take up to two minutes to update a "
                    + "ConfigMap.");
        }

        if (policies.Count < synced.Count)
            return new(Type, null, "NotReported", "Some agents are older and do not report at which levels events arrive.");
        return JudgeWithoutShortfalls(view, policies);
    }

    static Verdict JudgeWithoutShortfalls(TrailView view, IReadOnlyList<(string Node, PolicyStatus Policy)> policies)
    {
        var begun = PolicyStages.Missing(policies, AuditStage.RequestReceived);
        var stages = begun.Count > 0 && view.Trail.Spec.Selectors is not null ? $" {PolicyStages.NoStarts(begun)}" : "";
        if (policies.All(one => one.Policy.Rules == 0))
        {
            return new(
                Type, true, "NothingAsked", $"No selector rule needs bodies: events are taken at the level at which they arrive.{stages}");
        }

        var earlier = Earlier(view);
        var isSettled = policies.All(one => one.Policy.ObservedSeconds >= Settled.TotalSeconds);
        if (earlier is { Holds: false } && !isSettled)
            return earlier;
        return Saturating.Sum(policies.Select(one => one.Policy.Events)) >= LeastEvents
            ? new(
                Type, true, "Sufficient",
                "All events that arrive have the bodies that selectors ask for. Whether the audit policy leaves out events altogether does "
                    + $"not show.{stages}")
            : earlier is { Holds: true } ? earlier
            : new(
                Type, null, "NothingSeen",
                "Hardly any events have arrived yet that selector rules ask bodies of, so nobody can know whether the audit policy records "
                    + "them.");
    }

    // Of another spec it says nothing.
    static Verdict? Earlier(TrailView view) =>
        view.Before(Type)?.ObservedGeneration == view.Trail.Metadata.Generation ? view.Same(Type) : null;
}
