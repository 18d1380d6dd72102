using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Selectors;

readonly partial record struct Body
{
    /// <summary>Why nobody can know what the event's body says; null if and only if it is known.</summary>
    public string? Unknown(in AuditEvent audit)
    {
        if (Find(audit, out _) != Outcome.Unknown)
            return null;
        var isOfPatch = Kind == BodyKind.Object && audit.Level >= AuditLevel.Request && audit.RequestObject != 0;
        var (body, needed) = Kind == BodyKind.Response || isOfPatch
            ? ("responseObject", AuditLevel.RequestResponse)
            : ("requestObject", AuditLevel.Request);
        return audit.Level >= needed
            ? $"the API server cut {body} out of the event, which is too large (audit.k8s.io/truncated)"
            : $"{body} needs level {needed}, the event has {audit.Level}{(isOfPatch ? "; the request is a JSON Patch" : "")}";
    }
}
