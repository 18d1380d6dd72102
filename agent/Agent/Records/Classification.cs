using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Records;

/// <summary>The kind of request that an event describes.</summary>
static class Classification
{
    /// <summary>Whether the request only read, in effect: an exec writes whatever its verb, an access review reads.</summary>
    public static bool IsReadOnly(in AuditEvent audit)
    {
        if (ReachesInside(audit))
        {
            return audit.Subresource.SequenceEqual("log"u8);
        }

        return audit.Verb switch
        {
            _ when audit.Verb.SequenceEqual("get"u8) || audit.Verb.SequenceEqual("list"u8) || audit.Verb.SequenceEqual("watch"u8) => true,
            _ when audit.Verb.SequenceEqual("create"u8) => IsReview(audit),
            _ => !audit.HasObject && (audit.Verb.SequenceEqual("head"u8) || audit.Verb.SequenceEqual("options"u8)),
        };
    }

    /// <summary>Data is what happens inside workloads and what machines write all the time; everything else is Management.</summary>
    public static ReadOnlySpan<byte> Category(in AuditEvent audit) =>
        ReachesInside(audit) || IsBookkeeping(audit) ? "Data"u8 : "Management"u8;

    public static ReadOnlySpan<byte> IdentityType(ReadOnlySpan<byte> userName) => userName switch
    {
        _ when userName.IsEmpty => "Unauthenticated"u8,
        _ when userName.SequenceEqual("system:anonymous"u8) => "Anonymous"u8,
        _ when userName.StartsWith("system:serviceaccount:"u8) => "ServiceAccount"u8,
        _ when userName.StartsWith("system:node:"u8) => "Node"u8,
        _ when userName.StartsWith("system:"u8) => "System"u8,
        _ => "User"u8,
    };

    static bool ReachesInside(in AuditEvent audit) => audit.Subresource switch
    {
        { IsEmpty: true } => false,
        _ when audit.Resource.SequenceEqual("pods"u8) =>
            audit.Subresource.SequenceEqual("exec"u8) || audit.Subresource.SequenceEqual("attach"u8)
            || audit.Subresource.SequenceEqual("portforward"u8) || audit.Subresource.SequenceEqual("proxy"u8)
            || audit.Subresource.SequenceEqual("log"u8),
        _ when audit.Resource.SequenceEqual("services"u8) || audit.Resource.SequenceEqual("nodes"u8) =>
            audit.Subresource.SequenceEqual("proxy"u8),
        _ => false,
    };

    static bool IsBookkeeping(in AuditEvent audit) =>
        audit.Subresource.SequenceEqual("status"u8)
        || (audit.Resource.SequenceEqual("leases"u8) && audit.ApiGroup.SequenceEqual("coordination.k8s.io"u8))
        || (audit.Resource.SequenceEqual("events"u8) && (audit.ApiGroup.IsEmpty || audit.ApiGroup.SequenceEqual("events.k8s.io"u8)));

    static bool IsReview(in AuditEvent audit) =>
        (audit.ApiGroup.SequenceEqual("authorization.k8s.io"u8)
            && (audit.Resource.SequenceEqual("subjectaccessreviews"u8) || audit.Resource.SequenceEqual("localsubjectaccessreviews"u8)
                || audit.Resource.SequenceEqual("selfsubjectaccessreviews"u8) || audit.Resource.SequenceEqual("selfsubjectrulesreviews"u8)))
        || (audit.ApiGroup.SequenceEqual("authentication.k8s.io"u8)
            && (audit.Resource.SequenceEqual("tokenreviews"u8) || audit.Resource.SequenceEqual("selfsubjectreviews"u8)));
}
