using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Selectors;

namespace ClusterTrail.Rules.Detections;

/// <summary>When a rule does not fire.</summary>
sealed partial class Exceptions(DetectionExceptions exceptions)
{
    const string ImagePath = "container.image";

    readonly Patterns users = new(exceptions.Users);
    readonly Patterns groups = new(exceptions.UserGroups);
    readonly Patterns namespaces = new(exceptions.Namespaces);
    readonly Condition? anyImage = exceptions.Images.Count == 0 ? null : Condition.Of(ImagePath, new AnyText());
    readonly Condition? otherImage = exceptions.Images.Count == 0 ? null : Condition.Of(ImagePath, new OtherText(new(exceptions.Images)));

    /// <summary>The level that an event must have to be judged by them.</summary>
    public AuditLevel BodyLevel => anyImage is not null ? AuditLevel.Request : AuditLevel.Metadata;

    /// <summary>Whether one applies. An absent user, or an absent namespace, is no exception.</summary>
    public Outcome Apply(in AuditEvent audit) => NameRequest(audit) ? Outcome.Yes : HaveImages(audit);

    /// <summary>Whether they name the user, a group of his, or the namespace.</summary>
    public bool NameRequest(in AuditEvent audit) =>
        (!users.IsEmpty && !audit.UserName.IsEmpty && users.Match(audit.UserName))
        || (!groups.IsEmpty && AnyGroup(audit))
        || (!namespaces.IsEmpty && !audit.Namespace.IsEmpty && namespaces.Match(audit.Namespace));

    /// <summary>Whether they name the images: all of them, else a known one beside it would excuse the strange one.</summary>
    public Outcome HaveImages(in AuditEvent audit) =>
        anyImage is null ? Outcome.No : Matcher.And(anyImage.Test(audit), Matcher.Not(otherImage!.Test(audit)));

    bool AnyGroup(in AuditEvent audit)
    {
        foreach (var group in new JsonItems(audit.Line, audit.Index, audit.Groups))
        {
            if (groups.Match(JsonText.At(audit.Line, audit.Index, group)))
            {
                return true;
            }
        }

        return false;
    }

    sealed class AnyText : TextTest
    {
        public override bool Passes(ReadOnlySpan<byte> value) => true;
    }

    sealed class OtherText(Patterns known) : TextTest
    {
        public override bool Passes(ReadOnlySpan<byte> value) => !known.MatchPlain(value);
    }
}
