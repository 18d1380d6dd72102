using System.Diagnostics.Metrics;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Detections;

namespace ClusterTrail.Agent.Telemetry;

/// <summary>What detections find, counted by rule: their names are few, and no label carries what an event says.</summary>
sealed class DetectionMetrics
{
    readonly Counter<long> found;
    readonly Counter<long> notEvaluable;
    readonly Counter<long> failed;
    readonly Counter<long> evicted;
    readonly Counter<long> reloads;
    readonly string trail;
    Func<IReadOnlyList<(string Rule, DateTimeOffset At)>>? lastFindings;

    public DetectionMetrics(Meter meter, string trail)
    {
        this.trail = trail;
        found = meter.CreateCounter<long>("clustertrail.detections", "{finding}",
            "Findings of each detection rule. docs/runbooks says what to do about each.");
        notEvaluable = meter.CreateCounter<long>("clustertrail.detections.not_evaluable", "{event}",
            "Events that a rule could not judge, because the audit policy leaves out the level or the stage that it needs.");
        failed = meter.CreateCounter<long>("clustertrail.detection.errors", "{event}",
            "Events that a rule was not evaluated on because of an error of ClusterTrail's own, which the agent's log has. "
            + "They are recorded all the same.");
        evicted = meter.CreateCounter<long>("clustertrail.detection.windows_evicted", "{window}",
            "Bursts in the making that were forgotten, because more than 1,024 were under way. "
            + "Rising: somebody may hide a burst among others.");
        reloads = meter.CreateCounter<long>("clustertrail.detections.reloads", "{reload}",
            "Changes of the detections file. Refused: the file is wrong, and the rules before it stay in force.");
        meter.CreateObservableGauge("clustertrail.detection.last_timestamp_seconds", LastFindings, "s",
            "When the event happened that a rule fired on last, in seconds since 1970. Missing until it has fired.");
        Reloaded(accepted: true, 0);
        Reloaded(accepted: false, 0);
    }

    public void Watch(Func<IReadOnlyList<(string Rule, DateTimeOffset At)>> findings) => lastFindings = findings;

    /// <summary>Has each rule shown at 0, so that an alert sees its first finding.</summary>
    public void Declare(IEnumerable<DetectionRule> rules)
    {
        foreach (var rule in rules)
        {
            Found(rule, 0);
            notEvaluable.Add(0, RuleTag(rule.Name));
            failed.Add(0, RuleTag(rule.Name));
            if (rule.Threshold is not null)
                evicted.Add(0, RuleTag(rule.Name));
        }
    }

    public void Found(DetectionRule rule, long findings) =>
        found.Add(findings, RuleTag(rule.Name), new("severity", rule.Severity.Word()), new("group", rule.Group), new("trail", trail));

    public void Count(string rule, RuleCounts counts)
    {
        if (counts.NotEvaluable > 0)
            notEvaluable.Add(counts.NotEvaluable, RuleTag(rule));
        if (counts.Evicted > 0)
            evicted.Add(counts.Evicted, RuleTag(rule));
        if (counts.Failed > 0)
            failed.Add(counts.Failed, RuleTag(rule));
    }

    public void Reloaded(bool accepted, int times = 1) =>
        reloads.Add(times, new KeyValuePair<string, object?>("result", accepted ? "Accepted" : "Refused"));

    static KeyValuePair<string, object?> RuleTag(string rule) => new("rule", rule);

    IEnumerable<Measurement<double>> LastFindings() =>
        (lastFindings?.Invoke() ?? [])
            .Select(last => new Measurement<double>(last.At.ToUnixTimeMilliseconds() / 1000.0, RuleTag(last.Rule)));
}
