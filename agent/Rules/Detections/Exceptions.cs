using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Selectors;

namespace ClusterTrail.Rules.Detections;

/// <summary>When a rule does not fire.</summary>
sealed partial class Exceptions(DetectionExceptions exceptions)
{
    // Where pods, their templates and CronJobs have containers.
    static readonly string[] PodSpecs = ["object.spec", "object.spec.template.spec", "object.spec.jobTemplate.spec.template.spec"];
    static readonly string[] Containers = ["containers", "initContainers", "ephemeralContainers"];

    readonly Patterns users = new(exceptions.Users);
    readonly Patterns groups = new(exceptions.UserGroups);
    readonly Patterns namespaces = new(exceptions.Namespaces);
    readonly Condition[] images = [.. exceptions.Images.Count == 0 ? [] : Images(new AnyText())];
    readonly Condition[] otherImages = [.. exceptions.Images.Count == 0 ? [] : Images(new OtherText(new(exceptions.Images)))];

    /// <summary>The level that an event must have to be judged by them.</summary>
    public AuditLevel BodyLevel => images.Length > 0 ? AuditLevel.Request : AuditLevel.Metadata;

    /// <summary>Whether one applies. An absent user, or an absent namespace, is no exception.</summary>
    public Outcome Apply(in AuditEvent audit)
    {
        var applies = (!users.IsEmpty && !audit.UserName.IsEmpty && users.Match(audit.UserName))
            || (!groups.IsEmpty && AnyGroup(audit))
            || (!namespaces.IsEmpty && !audit.Namespace.IsEmpty && namespaces.Match(audit.Namespace));
        // All images, not any: else a known one beside it would excuse the strange one.
        return applies ? Outcome.Yes
            : images.Length == 0 ? Outcome.No
            : Matcher.And(AnyOf(images, audit), Matcher.Not(AnyOf(otherImages, audit)));
    }

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

    static Outcome AnyOf(Condition[] conditions, in AuditEvent audit)
    {
        var greatest = Outcome.No;
        foreach (var condition in conditions)
        {
            var outcome = condition.Test(audit);
            greatest = outcome > greatest ? outcome : greatest;
        }

        return greatest;
    }

    static IEnumerable<Condition> Images(TextTest test) =>
        from spec in PodSpecs
        from containers in Containers
        select Condition.Of($"{spec}.{containers}[*].image", test);

    sealed class AnyText : TextTest
    {
        public override bool Passes(ReadOnlySpan<byte> value) => true;
    }

    sealed class OtherText(Patterns known) : TextTest
    {
        public override bool Passes(ReadOnlySpan<byte> value) => !known.MatchPlain(value);
    }
}
