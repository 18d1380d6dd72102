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

    /// <summary>Those of an event that shows it: the last one of a request for an object that was handled.</summary>
    public static EventBodies Of(in AuditEvent audit)
    {
        if (!audit.HasObject || audit.Truncation is not null || audit.StatusCode.IsEmpty
            || !audit.Stage.SequenceEqual("ResponseComplete"u8)
            || (!audit.Subresource.IsEmpty && Streams.Contains(audit.Subresource)) || Refused.Contains(audit.StatusCode))
        {
            return None;
        }

        return audit.Verb switch
        {
            var verb when verb.SequenceEqual("get"u8) || verb.SequenceEqual("list"u8) => new(false, true),
            var verb when verb.SequenceEqual("create"u8) || verb.SequenceEqual("update"u8) || verb.SequenceEqual("patch"u8)
                || verb.SequenceEqual("delete"u8) || verb.SequenceEqual("deletecollection"u8) => new(true, true),
            _ => None,
        };
    }

    /// <summary>The lowest level at which nothing is lost of what is asked for.</summary>
    public AuditLevel Level(AuditLevel asked) =>
        asked >= AuditLevel.RequestResponse && Response ? AuditLevel.RequestResponse
        : asked >= AuditLevel.Request && Request ? AuditLevel.Request
        : AuditLevel.Metadata;
}
