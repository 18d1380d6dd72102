using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Selectors;

/// <summary>A field condition made ready: a path, and a test of the values there, or conditions on each item there.</summary>
sealed partial class Condition
{
    readonly PathStep[] steps;
    readonly EventField.Reader? field;
    readonly TextTest? test;
    readonly Condition[] where = [];
    // What the values are compared with, of EqualsField; and the same of this condition and of those in where.
    readonly Condition[] others = [];
    readonly Condition[] allOthers = [];
    readonly bool negated;
    readonly Body body;

    Condition(FieldPath path, TextTest test, FieldCondition condition)
        : this(path, condition.Path, Wanted(condition))
    {
        (this.test, negated) = (test, IsNegated(condition));
        allOthers = others = IsOfFields(condition) ? [.. condition.Values.Select(other => new Condition(other, TextTest.OfOther))] : [];
        FailsOfDeletes = !negated && IsOfObject(body, steps);
    }

    Condition(string path, TextTest test)
        : this(Parse(path), path, "") => this.test = test;

    Condition(string path, IEnumerable<Condition> where)
        : this(Parse(path), path, "")
    {
        this.where = [.. where];
        allOthers = [.. this.where.SelectMany(condition => condition.allOthers)];
    }

    Condition(FieldPath path, string pathText, string wanted)
    {
        (this.pathText, this.wanted) = (pathText, wanted);
        steps = [.. PodSpecs.In(path.Steps)];
        (body, field) = (Body.Of(steps[0]), EventField.At(pathText));
    }

    /// <summary>Whether it looks into a body, which not every event has.</summary>
    public bool NeedsBody => body.Kind >= BodyKind.Exec;

    /// <summary>The least level of an event that has the body; Metadata when the condition looks into none.</summary>
    public AuditLevel BodyLevel => allOthers.Select(other => other.BodyLevel).Append(LevelOf(body.Kind)).Max();

    /// <summary>Whether it cannot hold of a request to delete, which has options and no object.</summary>
    public bool FailsOfDeletes { get; }

    public static Condition Of(FieldCondition condition) => Of(Parse(condition.Path), condition);

    public static Condition Of(FieldPath path, FieldCondition condition) => new(path, TextTest.Of(condition), condition);

    public static Condition Of(string path, TextTest test) => new(path, test);

    public static Condition Of(MatchCondition condition) => condition.Operator is { } fieldOperator
        ? Of(new FieldCondition { Path = condition.Path, Operator = fieldOperator, Values = condition.Values })
        : new(condition.Path, condition.Where.Select(Of));

    /// <summary>Whether the condition holds. Of a body that the event lacks, or of what was cut out of it, nobody can know.</summary>
    public Outcome Test(in AuditEvent audit)
    {
        if (audit.Truncation is not { } truncation)
        {
            return TestWhole(audit);
        }

        // A condition may be asked while another one is.
        var wasMet = truncation.IsMet;
        truncation.IsMet = false;
        var outcome = TestWhole(audit);
        var isMet = truncation.IsMet;
        truncation.IsMet = wasMet;
        // One value or item that passes for certain is enough, whatever else was cut.
        var isFound = outcome == (negated ? Outcome.No : Outcome.Yes);
        if (!isMet || isFound)
        {
            return outcome;
        }

        truncation.Undecided++;
        return Outcome.Unknown;
    }

    Outcome TestWhole(in AuditEvent audit)
    {
        if (body.Kind == BodyKind.Exec)
        {
            return TestExec(audit);
        }

        foreach (var other in allOthers)
        {
            if (other.body.Find(audit, out _) == Outcome.Unknown)
            {
                return Outcome.Unknown;
            }
        }

        // Nothing may be an empty text, null, or that it is not there.
        if (field is not null && test is not null && field(audit) is { IsEmpty: false } value)
        {
            return PassesWritten(audit, value) != negated ? Outcome.Yes : Outcome.No;
        }

        var found = body.Find(audit, out var token);
        return found == Outcome.Unknown ? Outcome.Unknown
            : (found == Outcome.Yes && AnyAt(audit, token, body.Depth, default)) != negated ? Outcome.Yes
            : Outcome.No;
    }

    bool HoldsAt(in AuditEvent audit, int token) => AnyAt(audit, token, 0, default) != negated;

    static AuditLevel LevelOf(BodyKind kind) => kind switch
    {
        BodyKind.Request or BodyKind.Object => AuditLevel.Request,
        BodyKind.Response => AuditLevel.RequestResponse,
        _ => AuditLevel.Metadata,
    };

    static bool IsOfObject(Body body, PathStep[] steps) =>
        body.Kind is BodyKind.Request or BodyKind.Object && steps.Length > body.Depth
        && steps[body.Depth] is PodSpecs or PathStep.Name and not PathStep.Name
        {
            Value: "apiVersion" or "kind" or "dryRun" or "gracePeriodSeconds" or "orphanDependents" or "preconditions"
                or "propagationPolicy" or "ignoreStoreReadErrorWithClusterBreakingPotential",
        };

    static bool IsOfFields(FieldCondition condition) => condition.Operator is FieldOperator.EqualsField or FieldOperator.NotEqualsField;

    static bool IsNegated(FieldCondition condition) =>
        condition.Operator
            is FieldOperator.NotEquals or FieldOperator.NotStartsWith or FieldOperator.NotEndsWith or FieldOperator.NotEqualsField
        || (condition.Operator == FieldOperator.Exists && condition.Values is ["false"]);

    static FieldPath Parse(string path) =>
        FieldPath.TryParse(path, out var parsed, out var problem) ? parsed : throw new ArgumentException(problem, nameof(path));
}
