namespace ClusterTrail.Rules.Events;

/// <summary>How much of an event is recorded (audit.k8s.io/v1 Level); each level says all that the one before it says.</summary>
enum AuditLevel : byte
{
    None,

    /// <summary>As one of many in a count. No level of audit.k8s.io/v1, and no event has it.</summary>
    Aggregate,

    Metadata,
    Request,
    RequestResponse,
}
