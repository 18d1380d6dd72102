namespace ClusterTrail.Rules.Events;

/// <summary>How much of an event is recorded (audit.k8s.io/v1 Level); each level has all that the one before it has.</summary>
enum AuditLevel : byte
{
    None,
    Metadata,
    Request,
    RequestResponse,
}
