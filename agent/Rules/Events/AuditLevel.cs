namespace ClusterTrail.Rules.Events;

/// <summary>How much of an event is recorded (audit.k8s.io/v1 Level); each level has all that the one before it has.</summary>
enum AuditLevel : byte
{
    None,

    /// <summary>As one of many in a count: see <see cref="Aggregates.RollUp"/>. No level of audit.k8s.io/v1.</summary>
    Aggregate,

    Metadata,
    Request,
    RequestResponse,
}
