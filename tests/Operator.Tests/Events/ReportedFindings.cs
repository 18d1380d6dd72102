using ClusterTrail.Contract.Status;

namespace ClusterTrail.Operator.Tests.Events;

/// <summary>What agents say they found.</summary>
static class ReportedFindings
{
    public static AgentStatus By(string node, DateTimeOffset startedAt, params FindingsStatus[] findings)
    {
        var status = Some.Status();
        return status with
        {
            Agent = status.Agent with { NodeName = node, StartedAt = startedAt },
            Detections = Some.Detections() with { Findings = findings },
        };
    }

    public static FindingsStatus PodExec(long count, DateTimeOffset lastAt, string eventId = "e1", string severity = "high") =>
        new("pod-exec", severity, "Somebody ran a command in a pod, or attached to it.", count, lastAt, eventId);
}
