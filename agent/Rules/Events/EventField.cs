namespace ClusterTrail.Rules.Events;

/// <summary>The fields that are found while an event is read, so that nobody need look for them again.</summary>
static class EventField
{
    /// <summary>The text as the event writes it; nothing when the field is absent.</summary>
    public delegate ReadOnlySpan<byte> Reader(in AuditEvent audit);

    /// <summary>Reads the field at the path; null when it is none of these.</summary>
    public static Reader? At(string path) => path switch
    {
        "verb" => static (in audit) => audit.Verb,
        "requestURI" => static (in audit) => audit.RequestUri,
        "sourceIPAddress" => static (in audit) => audit.SourceAddress,
        "user.username" => static (in audit) => audit.UserName,
        "serviceAccount.namespace" => static (in audit) => ServiceAccount.NamespaceOf(audit.UserName),
        "serviceAccount.name" => static (in audit) => ServiceAccount.NameOf(audit.UserName),
        "impersonatedUser.username" => static (in audit) => audit.ImpersonatedUserName,
        "objectRef.apiGroup" => static (in audit) => audit.ApiGroup,
        "objectRef.resource" => static (in audit) => audit.Resource,
        "objectRef.subresource" => static (in audit) => audit.Subresource,
        "objectRef.namespace" => static (in audit) => audit.Namespace,
        "objectRef.name" => static (in audit) => audit.Name,
        "responseStatus.code" => static (in audit) => audit.StatusCode,
        "responseStatus.reason" => static (in audit) => audit.StatusReason,
        // Of an audit event the word stands for the containers that were written, which its bodies have.
        "container.id" => static (in audit) => OfContainer(audit, "id"u8),
        "container.name" => static (in audit) => OfContainer(audit, "name"u8),
        _ => null,
    };

    static ReadOnlySpan<byte> OfContainer(in AuditEvent audit, ReadOnlySpan<byte> name) =>
        audit.IsProcess ? ProcessEvent.OfContainer(audit, name) : default;
}
