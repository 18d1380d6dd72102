using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Selectors;

/// <summary>Which bodies an event has when its level is high enough.</summary>
/// <remarks>Where there is none, a lower level loses nothing: a policy that records reads without bodies is as good.</remarks>
readonly record struct EventBodies(bool Request, bool Response)
{
    public static EventBodies None { get; }

    // Streams: kube-apiserver records neither what goes in nor what comes out.
    static readonly TextSet Streams = new(["exec", "attach", "portforward", "proxy", "log"]);

    // Nothing was decoded, and any client can name resources that do not exist.
    static readonly TextSet Refused = new(["401", "403", "404"]);

    /// <summary>Whether the request is for an object and ends when it is answered.</summary>
    public static bool IsShort(in AuditEvent audit) =>
        audit.HasObject && (IsRead(audit.Verb) || IsWrite(audit.Verb)) && (audit.Subresource.IsEmpty || !Streams.Contains(audit.Subresource));

    /// <summary>Those of an event that shows it: the last one of a short request that was handled.</summary>
    public static EventBodies Of(in AuditEvent audit) =>
        audit.Truncation is not null || audit.StatusCode.IsEmpty || !audit.Stage.SequenceEqual("ResponseComplete"u8)
            || Refused.Contains(audit.StatusCode)
            ? None
            : new(IsWrite(audit.Verb), Response: true);

    /// <summary>The lowest level at which nothing is lost of what is asked for.</summary>
    public AuditLevel Level(AuditLevel asked) =>
        asked >= AuditLevel.RequestResponse && Response ? AuditLevel.RequestResponse
        : asked >= AuditLevel.Request && Request ? AuditLevel.Request
        : AuditLevel.Metadata;

    public static bool IsDelete(ReadOnlySpan<byte> verb) => verb.SequenceEqual("delete"u8) || verb.SequenceEqual("deletecollection"u8);

    static bool IsRead(ReadOnlySpan<byte> verb) => verb.SequenceEqual("get"u8) || verb.SequenceEqual("list"u8);

    static bool IsWrite(ReadOnlySpan<byte> verb) =>
        verb.SequenceEqual("create"u8) || verb.SequenceEqual("update"u8) || verb.SequenceEqual("patch"u8)
        || IsDelete(verb);
}
