namespace ClusterTrail.Kubectl.Tests.Status;

/// <summary>What an operator may write into a Trail's status.</summary>
static class StatusJson
{
    internal const string Ready = """
        {
          "observedGeneration": 2,
          "sink": "s3://audit/prod",
          "agents": {"desired": 2, "ready": 2, "reporting": 2, "summary": "2/2"},
          "lag": "3s", "lagBytes": 1536, "gaps": 0,
          "readEvents": 20000, "selectedEvents": 12345, "aggregatedEvents": 70, "deliveredEvents": 12345, "deliveredBatches": 1, "spoolBytes": 2097152,
          "lastEventTime": "2026-03-01T11:59:57Z", "lastDeliveryTime": "2026-03-01T11:55:00Z", "lastObject": "events/cluster=prod/1.ndjson.zst",
          "detections": {
            "rules": 31, "findings": 1204, "bySeverity": {"critical": 1, "high": 3, "low": 1200}, "hash": "a", "synced": 2,
            "lastFindingRule": "pod-exec", "lastFindingTime": "2026-03-01T11:55:00Z", "cannotFire": ["secret-dump", "anonymous"]
          },
          "nodes": [{"name": "cp-1", "pod": "a", "state": "Reading"}, {"name": "cp-2", "pod": "b", "state": "Idle"}],
          "conditions": [
            {"type": "Ready", "status": "True", "reason": "Recording", "message": "All agents record and deliver.", "lastTransitionTime": "2026-02-26T10:00:00Z"},
            {"type": "Accepted", "status": "True", "reason": "Valid", "message": "The spec can be used.", "lastTransitionTime": "2026-03-01T06:59:00Z"}
          ]
        }
        """;

    internal const string Failing = """
        {
          "observedGeneration": 2,
          "agents": {"desired": 102, "ready": 1, "reporting": 0, "summary": "1/102"},
          "gaps": 1, "detections": {"findings": 0, "synced": 0},
          "nodes": [{"name": "cp-1", "state": "Failed", "message": "The log cannot be read."}, {"name": "cp-2", "state": "Unreachable"}],
          "conditions": [
            {"type": "Ready", "status": "False", "reason": "AccessDenied", "message": "Since 11:58 the sink takes nothing.", "lastTransitionTime": "2026-03-01T11:58:30Z"},
            {"type": "Delivering", "status": "False", "reason": "AccessDenied", "message": "Since 11:58 the sink takes nothing.", "lastTransitionTime": "2026-03-01T11:58:30Z"},
            {"type": "Receiving", "status": "Unknown", "reason": "NotAsked", "message": "No agent was asked."}
          ]
        }
        """;

    /// <summary>The example in docs/kubectl-trail.md, at 2026-03-01T12:00:00Z.</summary>
    internal const string Documented = """
        {
          "observedGeneration": 2,
          "sink": "s3://audit/prod",
          "agents": {"nodes": 2, "desired": 1, "ready": 1, "reporting": 1, "summary": "1/2"},
          "lag": "3s", "lagBytes": 1536, "gaps": 0,
          "readEvents": 20000, "selectedEvents": 12405, "deliveredEvents": 12345, "deliveredBatches": 31, "spoolBytes": 49357,
          "lastEventTime": "2026-03-01T11:59:57Z", "lastDeliveryTime": "2026-03-01T11:58:20Z",
          "lastObject": "events/cluster=prod/trail=main/date=2026-03-01/…",
          "detections": {
            "rules": 31, "findings": 1204, "bySeverity": {"critical": 1, "high": 3, "low": 1200}, "hash": "a", "synced": 1,
            "lastFindingRule": "pod-exec", "lastFindingTime": "2026-03-01T11:55:00Z"
          },
          "nodes": [
            {"name": "cp-1", "pod": "a", "state": "Reading"},
            {
              "name": "cp-2", "state": "Missing", "reason": "TaintNotTolerated",
              "message": "cp-2 has the taint dedicated=etcd:NoSchedule, which spec.agent.tolerations does not tolerate. Add {key: dedicated, operator: Exists} to it, or remove the taint."
            }
          ],
          "conditions": [
            {"type": "Ready", "status": "False", "reason": "TaintNotTolerated", "message": "cp-2 has the taint dedicated=etcd:NoSchedule, which spec.agent.tolerations does not tolerate. Add {key: dedicated, operator: Exists} to it, or remove the taint.", "lastTransitionTime": "2026-03-01T11:30:00Z"},
            {"type": "Accepted", "status": "True", "reason": "Valid", "message": "The spec and the objects that it names are valid.", "lastTransitionTime": "2026-02-26T10:00:00Z"},
            {"type": "Covered", "status": "False", "reason": "TaintNotTolerated", "message": "cp-2 has the taint dedicated=etcd:NoSchedule, which spec.agent.tolerations does not tolerate. Add {key: dedicated, operator: Exists} to it, or remove the taint.", "lastTransitionTime": "2026-03-01T11:30:00Z"},
            {"type": "Available", "status": "True", "reason": "AllAvailable", "message": "The agent is available.", "lastTransitionTime": "2026-02-26T10:00:00Z"},
            {"type": "Receiving", "status": "True", "reason": "ReadingLogs", "message": "All agents follow their logs.", "lastTransitionTime": "2026-02-26T10:00:00Z"},
            {"type": "Delivering", "status": "False", "reason": "AccessDenied", "message": "cp-1 has delivered nothing since 2026-03-01T11:58:30Z: S3 bucket audit answered AccessDenied (Access Denied). Grant the credentials s3:PutObject on arn:aws:s3:::audit/prod/*.", "lastTransitionTime": "2026-03-01T11:58:30Z"},
            {"type": "SelectorsSynced", "status": "True", "reason": "Synced", "message": "All agents use the newest selectors.", "lastTransitionTime": "2026-02-26T10:00:00Z"},
            {"type": "DetectionsEvaluable", "status": "True", "reason": "Evaluable", "message": "Every rule could evaluate the events that concern it.", "lastTransitionTime": "2026-02-26T10:00:00Z"}
          ]
        }
        """;
}
