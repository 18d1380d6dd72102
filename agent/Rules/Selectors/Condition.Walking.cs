using System.Buffers;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Commands;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Selectors;

/// <summary>The way along the path.</summary>
sealed partial class Condition
{
    // A CronJob's is four members deep. Specs in specs that no kind has must not lead to where an event was cut, as nested too deep.
    const int DeepestPodSpec = 16;

    /// <param name="wanted">The text to compare with, of a path that another condition's values are compared with.</param>
    bool AnyAt(in AuditEvent audit, int token, int step, ReadOnlySpan<byte> wanted)
    {
        if (step == steps.Length)
        {
            return test is null ? AllHoldAt(audit, token) : Passes(audit, token, wanted);
        }

        Meet(audit, token);

        return steps[step] switch
        {
            PathStep.Name name => AnyMember(audit, token, step, name, wanted),
            PathStep.Item item => AnyItem(audit, token, step, item.Index, wanted),
            PodSpecs => AnyPodSpec(audit, token, step, wanted, DeepestPodSpec),
            Containers => AnyContainer(audit, token, step, wanted),
            _ => AnyItem(audit, token, step, -1, wanted) || AnyMember(audit, token, step, null, wanted),
        };
    }

    /// <param name="name">Null for every member.</param>
    bool AnyMember(in AuditEvent audit, int token, int step, PathStep.Name? name, ReadOnlySpan<byte> wanted)
    {
        foreach (var member in new JsonMembers(audit.Line, audit.Index, token))
        {
            if ((name is null || JsonText.Is(member.Name, name.Utf8)) && AnyAt(audit, member.Value, step + 1, wanted))
            {
                return true;
            }
        }

        return false;
    }

    bool AnyItem(in AuditEvent audit, int token, int step, int place, ReadOnlySpan<byte> wanted)
    {
        var at = 0;
        foreach (var item in new JsonItems(audit.Line, audit.Index, token))
        {
            if ((place < 0 || at == place) && AnyAt(audit, item, step + 1, wanted))
            {
                return true;
            }

            at++;
        }

        return false;
    }

    // A pod's own, or that of the template in it: of a workload, of a CronJob's job, and of a PodTemplate, which has no spec itself.
    bool AnyPodSpec(in AuditEvent audit, int holder, int step, ReadOnlySpan<byte> wanted, int deepest)
    {
        foreach (var member in new JsonMembers(audit.Line, audit.Index, holder))
        {
            var isSpec = JsonText.Is(member.Name, PodSpecs.Spec);
            var isHolder = deepest > 0 && (isSpec || PodSpecs.IsTemplate(member.Name));
            // Both, whatever stands in it: a patch may have a member that its kind does not, and the API server only warns.
            if ((isSpec && AnyAt(audit, member.Value, step + 1, wanted))
                || (isHolder && AnyPodSpec(audit, member.Value, step, wanted, deepest - 1)))
            {
                return true;
            }
        }

        return false;
    }

    bool AnyContainer(in AuditEvent audit, int spec, int step, ReadOnlySpan<byte> wanted)
    {
        foreach (var member in new JsonMembers(audit.Line, audit.Index, spec))
        {
            if (Containers.IsName(member.Name) && AnyItem(audit, member.Value, step, -1, wanted))
            {
                return true;
            }
        }

        return false;
    }

    bool AllHoldAt(in AuditEvent audit, int token)
    {
        // Of an object, its conditions meet what is cut.
        if (audit.Line[audit.Index.Position(token)] != (byte)'{')
        {
            Meet(audit, token);
        }

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

        return audit.Truncation is { } truncation ? AllHoldInSpiteOfCuts(audit, token, truncation) : AllHold(audit, token);
    }

    bool AllHold(in AuditEvent audit, int token)
    {
        foreach (var condition in where)
        {
            if (!condition.HoldsAt(audit, token))
            {
                return false;
            }
        }

        return true;
    }

    bool Passes(in AuditEvent audit, int token, ReadOnlySpan<byte> wanted)
    {
        Meet(audit, token);
        switch (audit.Line[audit.Index.Position(token)])
        {
            case (byte)'n':
                // One that stands for what was cut is none.
                return test!.IsOfNull && !IsCut(audit, token);
            case (byte)'{' or (byte)'[' when test!.IsOfPresence:
                return true;
            case (byte)'{':
                return false;
            case (byte)'[':
                foreach (var item in new JsonItems(audit.Line, audit.Index, token))
                {
                    if (Passes(audit, item, wanted))
                    {
                        return true;
                    }
                }

                return false;
            default:
                var written = JsonText.At(audit.Line, audit.Index, token);
                return ReferenceEquals(test, TextTest.OfOther) ? IsOther(audit, written, wanted) : PassesWritten(audit, written);
        }
    }

    bool PassesWritten(in AuditEvent audit, ReadOnlySpan<byte> written)
    {
        if (IsCut(audit, written))
        {
            return PassesHead(audit, written);
        }

        return written.Length > test!.PassesOnlyAbove && PassesText(audit, written);
    }

    bool PassesText(in AuditEvent audit, ReadOnlySpan<byte> written)
    {
        if (!written.Contains((byte)'\\'))
        {
            return PassesPlain(audit, written);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(written.Length);
        var passes = PassesPlain(audit, buffer.AsSpan(0, JsonEscapes.Unescape(written, buffer)));
        ArrayPool<byte>.Shared.Return(buffer);
        return passes;
    }

    bool PassesPlain(in AuditEvent audit, ReadOnlySpan<byte> text)
    {
        foreach (var other in others)
        {
            if (other.Has(audit, text))
            {
                return true;
            }
        }

        return others.Length == 0 && test!.Passes(text);
    }

    /// <summary>Whether the text is at the path.</summary>
    bool Has(in AuditEvent audit, ReadOnlySpan<byte> text) =>
        field is not null && field(audit) is { IsEmpty: false } value
            ? IsOther(audit, value, text)
            : body.Find(audit, out var token) == Outcome.Yes && AnyAt(audit, token, body.Depth, text);

    Outcome TestExec(in AuditEvent audit)
    {
        var exec = ExecDocument.Of(audit.RequestUri);
        var document = audit;
        document.Line = exec.Json;
        document.Index = exec.Index;
        document.Truncation = null;
        if (audit.Truncation is { } truncation && !audit.RequestUri.IsEmpty)
        {
            truncation.IsMet |= IsCut(audit, audit.RequestUri);
        }

        return AnyAt(document, 0, body.Depth, default) != negated ? Outcome.Yes : Outcome.No;
    }
}
