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
          "readEvents": 20000, "selectedEvents": 12345, "deliveredEvents": 12345, "deliveredBatches": 1, "spoolBytes": 2097152,
          "lastEventTime": "2026-03-01T11:59:57Z", "lastDeliveryTime": "2026-03-01T11:55:00Z", "lastObject": "events/cluster=prod/1.ndjson.gz",
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
}
