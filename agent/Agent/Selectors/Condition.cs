using System.Buffers;
using ClusterTrail.Agent.Events;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Agent.Selectors;

/// <summary>A field condition made ready: a path, and a test of the values there.</summary>
sealed class Condition
{
    readonly PathStep[] steps;
    readonly TextTest test;
    readonly bool negated;
    readonly AuditLevel needed;

    Condition(FieldPath path, TextTest test, bool negated)
    {
        steps = [.. path.Steps];
        this.test = test;
        this.negated = negated;
        needed = steps[0] switch
        {
            PathStep.Name { Value: "requestObject" } => AuditLevel.Request,
            PathStep.Name { Value: "responseObject" } => AuditLevel.RequestResponse,
            _ => AuditLevel.Metadata,
        };
    }

    public static Condition Of(FieldCondition condition)
    {
        if (!FieldPath.TryParse(condition.Path, out var path, out var problem))
        {
            throw new ArgumentException(problem, nameof(condition));
        }

        var isNegated = condition.Operator is FieldOperator.NotEquals or FieldOperator.NotStartsWith or FieldOperator.NotEndsWith
            || (condition.Operator == FieldOperator.Exists && condition.Values is ["false"]);
        return new Condition(path, TextTest.Of(condition), isNegated);
    }

    /// <summary>Whether the condition holds. A body that the event's level leaves out tells nothing, so nothing holds of it.</summary>
    public bool Holds(in AuditEvent audit) => audit.Level >= needed && AnyAt(audit, 0, 0) != negated;

    bool AnyAt(in AuditEvent audit, int token, int step)
    {
        if (step == steps.Length)
        {
            return Test(audit, token);
        }

        return steps[step] switch
        {
            PathStep.Name name => AnyMember(audit, token, step, name),
            PathStep.Item item => AnyItem(audit, token, step, item.Index),
            _ => AnyItem(audit, token, step, -1),
        };
    }

    bool AnyMember(in AuditEvent audit, int token, int step, PathStep.Name name)
    {
        foreach (var member in new JsonMembers(audit.Line, audit.Index, token))
        {
            if (JsonText.Is(member.Name, name.Utf8) && AnyAt(audit, member.Value, step + 1))
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

    bool Test(in AuditEvent audit, int token)
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
                // A path that ends at a list means its items.
                foreach (var item in new JsonItems(audit.Line, audit.Index, token))
                {
                    if (Test(audit, item))
                    {
                        return true;
                    }
                }

                return false;
            default:
                return TestText(JsonText.At(audit.Line, audit.Index, token));
        }
    }

    bool TestText(ReadOnlySpan<byte> written)
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
