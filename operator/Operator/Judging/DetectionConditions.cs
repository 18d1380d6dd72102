using ClusterTrail.Contract.Detections;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Judging;

/// <summary>The conditions on what a Trail's rules can evaluate, and on its notifications. Pure.</summary>
/// <remarks>They take no part in Ready: a Trail whose rules are blind records nonetheless.</remarks>
static class DetectionConditions
{
    public const string DetectionsEvaluable = "DetectionsEvaluable";
    public const string Notifying = "Notifying";

    const int MostRules = 10;

    const string WhatToDo =
        "Events are still recorded. kubectl trail policy prints an audit policy that provides what these rules need; "
            + "or add them to spec.detections.disable.";

    public static IEnumerable<Verdict> Evaluate(TrailView view) => view.Trail.Spec.Notifications.Webhook is null
        ? [JudgeDetections(view)]
        : [JudgeDetections(view), JudgeNotifying(view)];

    /// <summary>The rules that some agent cannot judge, the gravest first.</summary>
    public static IReadOnlyList<(string Rule, string Needs)> Blind(TrailView view)
    {
        var severities = (view.Rules ?? Packs.Rules).DistinctBy(rule => rule.Name).ToDictionary(rule => rule.Name, rule => rule.Severity);
        return
        [
            .. from reporting in view.Reporting
               from blind in reporting.Status.Detections?.CannotFire ?? []
               group blind.Needs by blind.Rule into blind
               orderby severities.GetValueOrDefault(blind.Key, DetectionSeverity.Info) descending, blind.Key
               select (blind.Key, string.Join(", ", blind.Distinct().Order(StringComparer.Ordinal))),
        ];
    }

    static Verdict JudgeDetections(TrailView view)
    {
        foreach (var (agent, status) in view.Reporting)
        {
            if (status.Detections?.LastError is { } error)
                return new(
                    DetectionsEvaluable, false, "DetectionsRefused", $"On {agent.Node} the agent keeps its previous detections: {error}");
        }

        if (view.Rules is { Count: 0 })
            return new(DetectionsEvaluable, true, "NoDetections", "No rule is enabled, see spec.detections.");
        var reporting = view.Reporting.ToList();
        var synced = reporting.Count(report => report.Status.Detections?.Hash == view.DetectionsHash);
        if (reporting.Count == 0)
        {
            return view.SameIf(DetectionsEvaluable, view.Trail.Status?.Detections?.Hash == view.DetectionsHash)
                ?? new(DetectionsEvaluable, null, "NotAsked", "No agent answers yet.");
        }


        if (synced < reporting.Count)
        {
            return new(
                DetectionsEvaluable, null, "Syncing",
                $"{synced} of {reporting.Count} agents use the newest detections; kubelets take up to two minutes to update a ConfigMap.");
        }

        return Blind(view) is { Count: > 0 } blind
            ? new(DetectionsEvaluable, false, "RulesCannotFire", $"{Describe(blind)} {WhatToDo}")
            : new(DetectionsEvaluable, true, "Evaluable", "Every rule could evaluate the events that concern it.");
    }

    // No counts in it: every poll would make another message of them.
    static string Describe(IReadOnlyList<(string Rule, string Needs)> blind)
    {
        var rules = blind.Take(MostRules).GroupBy(rule => rule.Needs, rule => rule.Rule).Select(same =>
            $"{string.Join(", ", same)} (missing: {same.Key})");
        var more = blind.Count > MostRules ? $"; and {blind.Count - MostRules} more" : "";
        return $"{(blind.Count == 1 ? "A rule" : $"{blind.Count} rules")} cannot fire with what the API server records: "
            + $"{string.Join("; ", rules)}{more}.";
    }

    static Verdict JudgeNotifying(TrailView view)
    {
        var webhooks = view.Reporting.Select(reporting => (reporting.Agent.Node, Webhook: reporting.Status.Notifications)).ToList();
        var failing = webhooks.Where(one => one.Webhook?.LastError is { } error && DeliveringCondition.IsLasting(error, view.Now))
            .OrderBy(one => one.Webhook!.LastError!.Since)
            .FirstOrDefault();
        if (failing.Webhook?.LastError is { } lasting)
        {
            return new(
                Notifying, false, TrailConditions.Word(lasting.Code),
                $"Since {lasting.Since:yyyy-MM-ddTHH:mm:ssZ} the webhook has accepted nothing from {failing.Node}: {lasting.Code}: "
                    + $"{lasting.Message}");
        }

        return webhooks.Any(one => one.Webhook?.LastDelivery is not null)
            ? new(Notifying, true, "WebhookConfirms", "The webhook confirms the agents' notifications.")
            : view.Same(Notifying) ?? new(Notifying, null, "NothingSent", "No agent has had a finding to send since it started.");
    }
}
