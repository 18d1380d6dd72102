using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Rules;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Selectors;

namespace ClusterTrail.Agent;

/// <summary>Turns lines of containers into Workload records, if a rule asks for them.</summary>
sealed class ContainerRecorder(Origin origin, TimeProvider time, RecordTags? tags = null) : IRecorder
{
    readonly JsonIndex message = new();
    readonly JsonIndex whole = new();
    readonly ContainerRecordWriter writer = new(origin, tags);
    readonly UnparsedRecordWriter unparsedWriter = new(origin, time);
    readonly RecordBuffer @event = new();
    readonly KeptMembers kept = new();
    readonly List<OutputRule> asking = [];
    readonly RecordBuffer record = new();

    public RecordedLine Record(SourceLine line)
    {
        if (line.Container is not { } written)
        {
            unparsedWriter.WriteUnparsable(line, "NotContainerOutput", record);
            return new(Recorded.Unparsable, record.Written);
        }

        Choose(written, out var isJson, out var hasConditions);
        if (asking.Count == 0)
        {
            return new(Recorded.NotSelected, [], written.Time);
        }

        var isObject = isJson && IsObject(line.Text);
        ContainerRecordWriter.WriteEvent(written, line.Text, isObject, @event);
        if (hasConditions && !KeepPassing())
        {
            return new(Recorded.NotSelected, [], written.Time);
        }

        if (asking.TrueForAll(rule => rule.Only.Count > 0))
        {
            kept.Cut(line.Text, message, isObject, asking);
            ContainerRecordWriter.WriteEvent(written, kept.Message, isObject, @event, kept.Omitted);
        }

        writer.Write(written, @event.Written, line.Start, record);
        return new(Recorded.Event, record.Written, written.Time, isTruncated: written.Bytes > line.Text.Length);
    }

    public void ReportCounts() => tags?.ReportCounts();

    public void Dispose()
    {
        @event.Dispose();
        kept.Dispose();
        record.Dispose();
    }

    // The rules for the stream. If one has no conditions and keeps all, the others change nothing.
    void Choose(ContainerLine written, out bool isJson, out bool hasConditions)
    {
        asking.Clear();
        (isJson, var isCertain, hasConditions) = (false, false, false);
        for (var at = 0; at < written.Container.Rules.Count; at++)
        {
            var rule = written.Container.Rules[at];
            if (rule.IsForStream(written.IsError))
            {
                asking.Add(rule);
                isJson |= rule.IsJson;
                isCertain |= rule is { Fields.Count: 0, Only.Count: 0 };
                hasConditions |= rule.Fields.Count > 0;
            }
        }

        hasConditions &= !isCertain;
    }

    bool IsObject(ReadOnlySpan<byte> text) => message.TryIndex(text) && text[message.Position(0)] == (byte)'{';

    // Leaves the rules whose conditions hold; false if there is none.
    bool KeepPassing()
    {
        if (!whole.TryIndex(@event.Written))
        {
            // Nested so deep that nobody can look: recorded rather than lost.
            return true;
        }

        var output = new AuditEvent { Line = @event.Written, Index = whole, Level = AuditLevel.RequestResponse };
        for (var at = asking.Count - 1; at >= 0; at--)
        {
            if (!All(asking[at].Fields, output))
            {
                asking.RemoveAt(at);
            }
        }

        return asking.Count > 0;
    }

    static bool All(IReadOnlyList<Condition> conditions, in AuditEvent output)
    {
        for (var at = 0; at < conditions.Count; at++)
        {
            if (conditions[at].Test(output) != Outcome.Yes)
            {
                return false;
            }
        }

        return true;
    }
}
