using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Selectors;

/// <summary>The part of an event that a path starts in, and whether the event has it.</summary>
/// <param name="Kind">Which part.</param>
/// <param name="Depth">How many steps of the path lead there.</param>
readonly partial record struct Body(BodyKind Kind, int Depth)
{
    static readonly FieldPath TruncatedPath = Path("annotations[\"audit.k8s.io/truncated\"]");
    static readonly Condition Truncated =
        Condition.Of(TruncatedPath, new FieldCondition { Path = "", Operator = FieldOperator.Equals, Values = ["true"] });

    /// <summary>Whether the API server left the bodies out since the event is too large.</summary>
    public static bool AreCut(in AuditEvent audit) =>
        audit.RequestObject == 0 && audit.ResponseObject == 0 && Truncated.Test(audit) == Outcome.Yes;

    /// <param name="first">The path's first step.</param>
    public static Body Of(PathStep first) => first switch
    {
        PathStep.Name { Value: "requestObject" } => new(BodyKind.Request, 1),
        PathStep.Name { Value: "responseObject" } => new(BodyKind.Response, 1),
        PathStep.Name { Value: "object" } => new(BodyKind.Object, 1),
        PodSpecs => new(BodyKind.Object, 0),
        PathStep.Name { Value: "exec" } => new(BodyKind.Exec, 1),
        PathStep.Name { Value: "user" } => new(BodyKind.User, 1),
        PathStep.Name { Value: "impersonatedUser" } => new(BodyKind.ImpersonatedUser, 1),
        PathStep.Name { Value: "objectRef" } => new(BodyKind.ObjectRef, 1),
        PathStep.Name { Value: "responseStatus" } => new(BodyKind.ResponseStatus, 1),
        PathStep.Name { Value: "annotations" } => new(BodyKind.Annotations, 1),
        _ => new(BodyKind.None, 0),
    };

    /// <summary>Finds the token that the rest of the path starts at; No when there is nothing, Unknown when the event does not have the
    /// body.</summary>
    public Outcome Find(in AuditEvent audit, out int token)
    {
        token = 0;
        return Kind switch
        {
            BodyKind.None or BodyKind.Exec => Outcome.Yes,
            BodyKind.Request => Find(audit, AuditLevel.Request, audit.RequestObject, out token),
            BodyKind.Response => Find(audit, AuditLevel.RequestResponse, audit.ResponseObject, out token),
            BodyKind.User => Find(audit.User, out token),
            BodyKind.ImpersonatedUser => Find(audit.ImpersonatedUser, out token),
            BodyKind.ObjectRef => Find(audit.ObjectRef, out token),
            BodyKind.ResponseStatus => Find(audit.ResponseStatus, out token),
            BodyKind.Annotations => Find(audit.Annotations, out token),
            _ => FindObject(audit, out token),
        };
    }

    static Outcome Find(int value, out int token)
    {
        token = value;
        return value == 0 ? Outcome.No : Outcome.Yes;
    }

    // A JSON Patch is a list of changes; what they make of the object only the response tells.
    static Outcome FindObject(in AuditEvent audit, out int token)
    {
        var found = Find(audit, AuditLevel.Request, audit.RequestObject, out token);
        return found == Outcome.Yes && audit.Line[audit.Index.Position(token)] == (byte)'['
            ? Find(audit, AuditLevel.RequestResponse, audit.ResponseObject, out token)
            : found;
    }

    static Outcome Find(in AuditEvent audit, AuditLevel needed, int key, out int token)
    {
        token = key == 0 ? 0 : key + 2;
        return audit.Level < needed ? Outcome.Unknown
            : key != 0 ? Outcome.Yes
            // The API server leaves bodies out of events that are too large, whatever their level.
            : Truncated.Test(audit) == Outcome.Yes ? Outcome.Unknown
            : Outcome.No;
    }

    static FieldPath Path(string text) =>
        FieldPath.TryParse(text, out var path, out _) ? path : throw new ArgumentException(text, nameof(text));
}

enum BodyKind
{
    /// <summary>The event itself.</summary>
    None,

    // Found while the event is read, so that conditions on them need not look for them again.
    User,
    ImpersonatedUser,
    ObjectRef,
    ResponseStatus,
    Annotations,

    /// <summary>What the request URI says of a command that is run in a container; see <see cref="Commands.ExecDocument"/>.</summary>
    Exec,

    Request,
    Response,

    /// <summary>What was written: the request, or the response to a JSON Patch.</summary>
    Object,
}
