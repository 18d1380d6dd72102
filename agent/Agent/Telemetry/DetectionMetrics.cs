using System.Diagnostics.Metrics;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Detections;

namespace ClusterTrail.Agent.Telemetry;

/// <summary>Counts findings by rule. The names of rules are few, and no label has a value from an event.</summary>
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
            "Findings of each detection rule. docs/runbooks describes what to do about each.");
        notEvaluable = meter.CreateCounter<long>("clustertrail.detections.not_evaluable", "{event}",
            "Events that a rule could not evaluate, because the audit policy omits the level or the stage that the rule needs.");
        failed = meter.CreateCounter<long>("clustertrail.detection.errors", "{event}",
            "Events that a rule could not evaluate because of an error in ClusterTrail. The agent logs the error. "
            + "The events are recorded.");
        evicted = meter.CreateCounter<long>("clustertrail.detection.windows_evicted", "{window}",
            "Windows of threshold rules that were dropped, because a rule had more than 1,024. "
            + "Rising: an attacker may hide a burst among others.");
        reloads = meter.CreateCounter<long>("clustertrail.detections.reloads", "{reload}",
            "Reloads of the detections file. Refused: the file is invalid, and the last valid rules stay active.");
        meter.CreateObservableGauge("clustertrail.detection.last_timestamp_seconds", LastFindings, "s",
            "Time of the last event that the rule fired on, in seconds since 1970. Missing until it has fired.");
        Reloaded(accepted: true, 0);
        Reloaded(accepted: false, 0);
    }

    public void Watch(Func<IReadOnlyList<(string Rule, DateTimeOffset At)>> findings) => lastFindings = findings;

    /// <summary>Adds each rule's counters at 0, so that an alert sees the first finding.</summary>
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
