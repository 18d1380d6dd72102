using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Status;
using ClusterTrail.Rules.Detections;
using ClusterTrail.Rules.Events;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent.Detections;

/// <summary>What the rules found and could not judge since the agent started, over all of its sources.</summary>
sealed partial class FindingLog(DetectionMetrics metrics, TimeProvider time, ILogger logger)
{
    // What a rule could judge is forgotten after one to two of these, so that a changed audit policy shows.
    static readonly TimeSpan Period = TimeSpan.FromMinutes(15);

    readonly Lock gate = new();
    readonly Dictionary<string, FindingsStatus> found = [];
    Dictionary<string, Judged> judged = [];
    Dictionary<string, Judged> judgedBefore = [];
    readonly HashSet<string> loggedFailures = [];
    DateTimeOffset periodStart = time.GetUtcNow();

    /// <summary>The rules that fired.</summary>
    public IReadOnlyList<FindingsStatus> Findings
    {
        get
        {
            lock (gate)
            {
                return [.. found.Values.OrderByDescending(one => one.LastAt)];
            }
        }
    }

    /// <summary>When each rule fired last.</summary>
    public IReadOnlyList<(string Rule, DateTimeOffset At)> LastFindings => [.. Findings.Select(one => (one.Rule, one.LastAt))];

    /// <summary>The rules that have met only events that they cannot judge.</summary>
    public IReadOnlyList<BlindRule> CannotFire
    {
        get
        {
            lock (gate)
            {
                Rotate();
                return [.. from rule in judged.Keys.Union(judgedBefore.Keys)
                           let all = judgedBefore.GetValueOrDefault(rule) + judged.GetValueOrDefault(rule)
                           where all.NotEvaluable > 0 && !all.IsEvaluable
                           orderby rule
                           select new BlindRule(rule, all.Needs ?? "", all.NotEvaluable)];
            }
        }
    }

    /// <summary>Takes over that a rule fired, and how often.</summary>
    public void Found(Insight last, long count)
    {
        var (rule, at) = (last.Rule, EventTime.Parse(last.At) ?? time.GetUtcNow());
        metrics.Found(rule, count);
        lock (gate)
        {
            var before = found.GetValueOrDefault(rule.Name);
            found[rule.Name] = new(rule.Name, rule.Severity.Word(), rule.Description, (before?.Count ?? 0) + count, at, last.EventId);
        }
    }

    /// <summary>Takes over what a detector has counted.</summary>
    public void Count(Detector detector)
    {
        for (var rule = 0; rule < detector.Set.Detections.Count; rule++)
        {
            var counts = detector.TakeCounts(rule);
            if (counts != default)
            {
                Count(detector.Set[rule].Rule.Name, counts.NotEvaluable > counts.Cut ? detector.Needs(rule) : null, counts);
            }
        }
    }

    void Count(string rule, string? needs, RuleCounts counts)
    {
        metrics.Count(rule, counts);
        bool isNews;
        lock (gate)
        {
            Rotate();
            isNews = counts.Failure is not null && loggedFailures.Add(rule);
            judged[rule] = judged.GetValueOrDefault(rule) + new Judged(counts.IsEvaluable, counts.NotEvaluable - counts.Cut, needs);
        }

        if (isNews)
        {
            LogFailed(rule, counts.Failure!);
        }
    }

    void Rotate()
    {
        var now = time.GetUtcNow();
        if (now - periodStart >= Period)
        {
            judgedBefore = now - periodStart >= 2 * Period ? [] : judged;
            (judged, periodStart) = ([], now);
            loggedFailures.Clear();
        }
    }

    [LoggerMessage(
        LogLevel.Error,
        "The rule {rule} could not be evaluated on an event, because of an internal error of ClusterTrail; the event is still recorded. "
        + "Please report it.")]
    partial void LogFailed(string rule, Exception failure);

    readonly record struct Judged(bool IsEvaluable, long NotEvaluable, string? Needs)
    {
        public static Judged operator +(Judged one, Judged other) =>
            new(one.IsEvaluable || other.IsEvaluable, one.NotEvaluable + other.NotEvaluable, other.Needs ?? one.Needs);
    }
}
