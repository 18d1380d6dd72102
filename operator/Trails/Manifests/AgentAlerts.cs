namespace ClusterTrail.Trails;

/// <summary>The alerts of docs/metrics.md, for one Trail.</summary>
static class AgentAlerts
{
    public const string TrailLabel = "trail";
    public const string NodeLabel = "node";

    const string Critical = "critical";
    const string Warning = "warning";

    public static IEnumerable<AgentAlert> Of(Trail trail)
    {
        var name = trail.Metadata.Name;
        var of = $$"""{trail="{{name}}"}""";
        yield return new(
            "ClusterTrailAgentsAbsent", $"absent(clustertrail_build_info{of})", "10m", Critical,
            $"No agent of Trail {name} is there",
            "Nothing is recorded. Look at the Trail's conditions and the DaemonSet's events.");
        yield return new(
            "ClusterTrailAgentDown", $"up{of} == 0", "10m", Critical,
            $"An agent of Trail {name} does not answer on {{{{ $labels.node }}}}",
            "Nothing is recorded of that API server. Look at the pod and its last log lines.");
        yield return new(
            "ClusterTrailHistoryLost", $"increase(clustertrail_source_gaps_total{of}[15m]) > 0", null, Critical,
            $"Events of Trail {name} were lost on {{{{ $labels.node }}}}",
            "A part of the audit log went away unread. The agent's log names file and byte; raise --audit-log-maxbackup, and find who deletes.");
        yield return new(
            "ClusterTrailSourceUnreadable", $"increase(clustertrail_source_errors_total{of}[10m]) > 5", null, Critical,
            $"An agent of Trail {name} cannot read the audit log on {{{{ $labels.node }}}}",
            "Nothing is recorded of that API server. /status of the agent names the file and the error.");
        foreach (var alert in Delivery(name, of).Concat(trail.Spec.Logging ? Reading(name, of) : []))
            yield return alert;
    }

    static IEnumerable<AgentAlert> Delivery(string name, string of)
    {
        yield return new(
            "ClusterTrailNotDelivering", $"clustertrail_spool_oldest_age_seconds{of} > 600", "5m", Critical,
            $"Batches of Trail {name} have waited on {{{{ $labels.node }}}} for {{{{ $value | humanizeDuration }}}}",
            "Nothing is lost before the spool and the log are full. The Trail's condition Delivering says why.");
        yield return new(
            "ClusterTrailUploadErrors", $"sum by ({NodeLabel}, sink, code) (increase(clustertrail_upload_errors_total{of}[15m])) > 0", "15m", Warning,
            $"Uploads of Trail {name} fail on {{{{ $labels.node }}}} with {{{{ $labels.code }}}}",
            "They are repeated. docs/sinks.md says what to do about each code.");
        yield return new(
            "ClusterTrailSpoolNearlyFull", $"clustertrail_spool_bytes{of} / clustertrail_spool_limit_bytes{of} > 0.8", "5m", Critical,
            $"The spool of Trail {name} on {{{{ $labels.node }}}} is {{{{ $value | humanizePercentage }}}} full",
            "When it is full reading stops, and the history waits in the audit log for as long as rotation keeps it.");
        yield return new(
            "ClusterTrailBatchDamaged", $"increase(clustertrail_spool_quarantined_total{of}[15m]) > 0", null, Critical,
            $"A spooled batch of Trail {name} was damaged on {{{{ $labels.node }}}}",
            "It was set aside, and its events are missing from the archive. Look at the node's disk; docs/operations.md says how to record them again.");
    }

    static IEnumerable<AgentAlert> Reading(string name, string of)
    {
        yield return new(
            "ClusterTrailLagging", $"clustertrail_source_lag_seconds{of} > 300", "10m", Warning,
            $"An agent of Trail {name} on {{{{ $labels.node }}}} is {{{{ $value | humanizeDuration }}}} behind its log",
            "What rotation deletes before it is read is lost. Look at CPU limits, at the sink, and for rules that select too much.");
        yield return new(
            "ClusterTrailSelectorsRefused", $$"""increase(clustertrail_selectors_reloads_total{result="Refused",{{of[1..]}}[10m]) > 0""", null, Warning,
            $"An agent of Trail {name} on {{{{ $labels.node }}}} refuses its selectors",
            "The rules before stay in force. /status of the agent says what is wrong with the new ones.");
    }
}
