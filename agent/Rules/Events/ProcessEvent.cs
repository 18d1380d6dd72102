namespace ClusterTrail.Rules.Events;

/// <summary>One line of an agent's process journal, as docs/archive-format.md describes it.</summary>
/// <remarks>
/// It is read as an event whose verb is <c>exec</c> or <c>lost</c> and whose object is the pod, so that conditions and detections work on
/// it as they do on an audit event. It has no user: the kernel knows numbers only, which are below <c>process</c>.
/// </remarks>
static class ProcessEvent
{
    public const string NotAProcessEvent = "NotAProcessEvent";

    /// <summary>What <see cref="AuditEvent.Verb"/> is of a program that was executed.</summary>
    public static ReadOnlySpan<byte> Exec => "exec"u8;

    /// <summary>What it is of programs that were executed and are not recorded.</summary>
    public static ReadOnlySpan<byte> Lost => "lost"u8;

    /// <summary>Reads the line; false when it is none of a process journal, and the reason then.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, JsonIndex index, out AuditEvent parsed, out string reason)
    {
        parsed = new AuditEvent
        {
            Line = line,
            Index = index,
            IsProcess = true,
            Level = AuditLevel.RequestResponse,
            Stage = "ResponseComplete"u8,
        };
        if (!index.TryIndex(line))
        {
            reason = AuditEvent.NotJson;
            return false;
        }

        reason = NotAProcessEvent;
        return line[index.Position(0)] == (byte)'{' && ReadMembers(ref parsed);
    }

    /// <summary>The process, of which nobody knows what started it: no rule that asks for that can judge it.</summary>
    public static AuditEvent WithoutOrigin(AuditEvent parsed)
    {
        foreach (var member in new JsonMembers(parsed.Line, parsed.Index, 0))
        {
            if (member.Name.SequenceEqual("join"u8))
            {
                var cut = new Cut("/join", 0, parsed.Index.Position(member.Value));
                parsed.Truncation = new(TruncationReason.NotKnown, parsed.Line.Length, [], [cut]);
            }
        }

        return parsed;
    }

    /// <summary>A text in the line's <c>container</c>; nothing when there is none.</summary>
    public static ReadOnlySpan<byte> OfContainer(scoped in AuditEvent parsed, ReadOnlySpan<byte> name)
    {
        if (parsed.ObjectRef != 0)
        {
            foreach (var member in new JsonMembers(parsed.Line, parsed.Index, parsed.ObjectRef))
            {
                if (member.Name.SequenceEqual(name))
                {
                    return member.Text;
                }
            }
        }

        return default;
    }

    static bool ReadMembers(ref AuditEvent parsed)
    {
        var (isKnown, isOurs) = (false, false);
        foreach (var member in new JsonMembers(parsed.Line, parsed.Index, 0))
        {
            switch (member.Name)
            {
                case var name when name.SequenceEqual("kind"u8):
                    parsed.Verb = member.Text.SequenceEqual("ProcessEvent"u8) ? Exec : Lost;
                    isKnown = parsed.Verb.SequenceEqual(Exec) || member.Text.SequenceEqual("ProcessLoss"u8);
                    break;
                case var name when name.SequenceEqual("apiVersion"u8):
                    isOurs = member.Text.SequenceEqual("audit.clustertrail.io/v1alpha1"u8);
                    break;
                case var name when name.SequenceEqual("time"u8): parsed.StageTimestamp = member.Text; break;
                case var name when name.SequenceEqual("container"u8): parsed.ObjectRef = member.Value; break;
            }
        }

        parsed.Namespace = OfContainer(parsed, "namespace"u8);
        parsed.Name = OfContainer(parsed, "pod"u8);
        parsed.HasObject = !parsed.Name.IsEmpty;
        parsed.Resource = parsed.HasObject ? "pods"u8 : default;
        return isKnown && isOurs && !parsed.StageTimestamp.IsEmpty;
    }
}
