using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Rules.Selectors;

/// <summary>What can be said though a part of the event was cut out.</summary>
sealed partial class Condition
{
    // Only for certain: what was cut elsewhere, or of another item, must hide neither an item that passes nor one that does not.
    bool AllHoldInSpiteOfCuts(in AuditEvent audit, int token, Truncation truncation)
    {
        var (wasMet, isCertain) = (truncation.IsMet, true);
        foreach (var condition in where)
        {
            truncation.IsMet = false;
            var holds = condition.HoldsAt(audit, token);
            if (truncation.IsMet && holds == condition.negated)
            {
                isCertain = false;
            }
            else if (!holds)
            {
                truncation.IsMet = wasMet;
                return false;
            }
        }

        truncation.IsMet = wasMet || !isCertain;
        return isCertain;
    }

    // Of a string it depends on what is wanted of it.
    static void Meet(in AuditEvent audit, int token)
    {
        if (audit.Truncation is { } truncation)
        {
            truncation.IsMet |= audit.Line[audit.Index.Position(token)] != (byte)'"' && IsCut(audit, token);
        }
    }

    bool PassesHead(in AuditEvent audit, ReadOnlySpan<byte> written)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(written.Length);
        var outcome = others.Length > 0 ? Outcome.Unknown : test!.OfHead(buffer.AsSpan(0, JsonEscapes.Unescape(written, buffer)));
        ArrayPool<byte>.Shared.Return(buffer);
        audit.Truncation!.IsMet |= outcome == Outcome.Unknown;
        return outcome == Outcome.Yes;
    }

    static bool IsCut(in AuditEvent audit, int token) => audit.Truncation?.IsCutAt(audit.Index.Position(token)) == true;

    // Its quote stands before it; before a number may stand the bracket of a list that is cut.
    static bool IsCut(in AuditEvent audit, ReadOnlySpan<byte> written) =>
        audit.Truncation is { } truncation && PositionIn(audit.Line, written) - 1 is var before
        && audit.Line[before] == (byte)'"' && truncation.IsCutAt(before);

    // Whether the rest of a text that was cut is the same, nobody can know.
    static bool IsOther(in AuditEvent audit, ReadOnlySpan<byte> written, ReadOnlySpan<byte> wanted)
    {
        if (!IsCut(audit, written))
        {
            return JsonText.Is(written, wanted);
        }

        audit.Truncation!.IsMet = true;
        return false;
    }

    static int PositionIn(ReadOnlySpan<byte> line, ReadOnlySpan<byte> part) =>
        (int)Unsafe.ByteOffset(ref MemoryMarshal.GetReference(line), ref MemoryMarshal.GetReference(part));
}
