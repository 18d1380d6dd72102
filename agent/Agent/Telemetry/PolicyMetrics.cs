using System.Diagnostics.Metrics;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Selectors;

namespace ClusterTrail.Agent.Telemetry;

/// <summary>Counts events that arrive with less than selector rules ask for. No label has a value from an event.</summary>
sealed class PolicyMetrics
{
    static readonly AuditLevel[] Asked = [AuditLevel.Request, AuditLevel.RequestResponse];

    readonly Counter<long> below;

    public PolicyMetrics(Meter meter)
    {
        below = meter.CreateCounter<long>("clustertrail.selectors.below_level", "{event}",
            "Events that arrived at a lower level than a selector rule asks for. BodyMissing: recorded without the body. "
            + "RuleUndecided: the rule's conditions could not be evaluated, so it did not match.");
        Add(new PolicyWatch(Selector.Everything));
    }

    /// <summary>Adds what was noted since the last time.</summary>
    public void Add(PolicyWatch watch)
    {
        foreach (var asked in Asked)
        {
            Add(asked, isUndecided: false, watch.Below(asked, isUndecided: false));
            Add(asked, isUndecided: true, watch.Below(asked, isUndecided: true));
        }
    }

    void Add(AuditLevel asked, bool isUndecided, long events) =>
        below.Add(events, new("asked", asked == AuditLevel.Request ? "Request" : "RequestResponse"),
            new("effect", isUndecided ? "RuleUndecided" : "BodyMissing"));
}
