using System.Buffers;
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
    readonly bool negated;
    readonly Body body;

    Condition(FieldPath path, TextTest test, FieldCondition condition)
        : this(path, condition.Path, Wanted(condition)) => (this.test, negated) = (test, IsNegated(condition));

    Condition(string path, TextTest test)
        : this(Parse(path), path, "") => this.test = test;

    Condition(string path, IEnumerable<Condition> where)
        : this(Parse(path), path, "") => this.where = [.. where];

    Condition(FieldPath path, string pathText, string wanted)
    {
        (this.pathText, this.wanted) = (pathText, wanted);
        steps = [.. path.Steps];
        (body, field) = (Body.Of(steps[0]), EventField.At(pathText));
    }

    /// <summary>Whether it looks into a body, which not every event has.</summary>
    public bool NeedsBody => body.Kind >= BodyKind.Request;

    /// <summary>The least level of an event that has the body; Metadata when the condition looks into none.</summary>
    public AuditLevel BodyLevel => body.Kind switch
    {
        BodyKind.Request or BodyKind.Object => AuditLevel.Request,
        BodyKind.Response => AuditLevel.RequestResponse,
        _ => AuditLevel.Metadata,
    };

    public static Condition Of(FieldCondition condition) => Of(Parse(condition.Path), condition);

    public static Condition Of(FieldPath path, FieldCondition condition) => new(path, TextTest.Of(condition), condition);

    public static Condition Of(string path, TextTest test) => new(path, test);

    public static Condition Of(MatchCondition condition) => condition.Operator is { } fieldOperator
        ? Of(new FieldCondition { Path = condition.Path, Operator = fieldOperator, Values = condition.Values })
        : new(condition.Path, condition.Where.Select(Of));

    /// <summary>Whether the condition holds. Of a body that the event lacks, nobody can know.</summary>
    public Outcome Test(in AuditEvent audit)
    {
        // Nothing may be an empty text, null, or that it is not there.
        if (field is not null && test is not null && field(audit) is { IsEmpty: false } value)
        {
            return PassesText(value, test) != negated ? Outcome.Yes : Outcome.No;
        }

        var found = body.Find(audit, out var token);
        return found == Outcome.Unknown ? Outcome.Unknown
            : (found == Outcome.Yes && AnyAt(audit, token, body.Depth)) != negated ? Outcome.Yes
            : Outcome.No;
    }

    bool HoldsAt(in AuditEvent audit, int token) => AnyAt(audit, token, 0) != negated;

    static bool IsNegated(FieldCondition condition) =>
        condition.Operator is FieldOperator.NotEquals or FieldOperator.NotStartsWith or FieldOperator.NotEndsWith
        || (condition.Operator == FieldOperator.Exists && condition.Values is ["false"]);

    static FieldPath Parse(string path) =>
        FieldPath.TryParse(path, out var parsed, out var problem) ? parsed : throw new ArgumentException(problem, nameof(path));

    bool AnyAt(in AuditEvent audit, int token, int step)
    {
        if (step == steps.Length)
        {
            return test is null ? AllHoldAt(audit, token) : Passes(audit, token, test);
        }

        return steps[step] switch
        {
            PathStep.Name name => AnyMember(audit, token, step, name),
            PathStep.Item item => AnyItem(audit, token, step, item.Index),
            _ => AnyItem(audit, token, step, -1) || AnyMember(audit, token, step, null),
        };
    }

    /// <param name="name">Null for every member.</param>
    bool AnyMember(in AuditEvent audit, int token, int step, PathStep.Name? name)
    {
        foreach (var member in new JsonMembers(audit.Line, audit.Index, token))
        {
            if ((name is null || JsonText.Is(member.Name, name.Utf8)) && AnyAt(audit, member.Value, step + 1))
            {
                return true;
            }
        }

        return false;
    }

    bool AnyItem(in AuditEvent audit, int token, int step, int wanted)
    {
        var at = 0;
        foreach (var item in new JsonItems(audit.Line, audit.Index, token))
        {
            if ((wanted < 0 || at == wanted) && AnyAt(audit, item, step + 1))
            {
                return true;
            }

            at++;
        }

        return false;
    }

    bool AllHoldAt(in AuditEvent audit, int token)
    {
        // A path that ends at a list means its items.
        foreach (var item in new JsonItems(audit.Line, audit.Index, token))
        {
            if (AllHoldAt(audit, item))
            {
                return true;
            }
        }

        // Of a null nothing holds, as of what is not there.
        if (audit.Line[audit.Index.Position(token)] is (byte)'[' or (byte)'n')
        {
            return false;
        }

        foreach (var condition in where)
        {
            if (!condition.HoldsAt(audit, token))
            {
                return false;
            }
        }

        return true;
    }

    static bool Passes(in AuditEvent audit, int token, TextTest test)
    {
        switch (audit.Line[audit.Index.Position(token)])
        {
            case (byte)'n':
                return false;
            case (byte)'{' or (byte)'[' when test.IsOfPresence:
                return true;
            case (byte)'{':
                return false;
            case (byte)'[':
                foreach (var item in new JsonItems(audit.Line, audit.Index, token))
                {
                    if (Passes(audit, item, test))
                    {
                        return true;
                    }
                }

                return false;
            default:
                return PassesText(JsonText.At(audit.Line, audit.Index, token), test);
        }
    }

    static bool PassesText(ReadOnlySpan<byte> written, TextTest test)
    {
        if (!written.Contains((byte)'\\'))
        {
            return test.Passes(written);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(written.Length);
        var passes = test.Passes(buffer.AsSpan(0, JsonEscapes.Unescape(written, buffer)));
        ArrayPool<byte>.Shared.Return(buffer);
        return passes;
    }
}
