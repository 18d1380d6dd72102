using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Rules;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Selectors;

namespace ClusterTrail.Agent;

/// <summary>Turns lines of containers into Workload records, if a rule asks for them.</summary>
sealed class ContainerRecorder(Origin origin, TimeProvider time) : IRecorder
{
    readonly JsonIndex message = new();
    readonly JsonIndex whole = new();
    readonly ContainerRecordWriter writer = new(origin);
    readonly UnparsedRecordWriter unparsedWriter = new(origin, time);
    readonly RecordBuffer @event = new();
    readonly RecordBuffer record = new();

    public RecordedLine Record(SourceLine line)
    {
        if (line.Container is not { } written)
        {
            unparsedWriter.WriteUnparsable(line, "NotContainerOutput", record);
            return new(Recorded.Unparsable, record.Written);
        }

        var (isAsked, isJson, isCertain) = Look(written);
        var isTruncated = written.Bytes > line.Text.Length;
        if (!isAsked)
        {
            return new(Recorded.NotSelected, [], written.Time);
        }

        ContainerRecordWriter.WriteEvent(written, line.Text, isJson && IsObject(line.Text), @event);
        if (!isCertain && !Passes(written))
        {
            return new(Recorded.NotSelected, [], written.Time);
        }

        writer.Write(written, @event.Written, line.Start, record);
        return new(Recorded.Event, record.Written, written.Time, isTruncated: isTruncated);
    }

    public void ReportCounts()
    {
    }

    public void Dispose()
    {
        @event.Dispose();
        record.Dispose();
    }

    // Which rules are for the stream, and whether one of them has no conditions.
    static (bool IsAsked, bool IsJson, bool IsCertain) Look(ContainerLine written)
    {
        var (isAsked, isJson, isCertain) = (false, false, false);
        for (var at = 0; at < written.Container.Rules.Count; at++)
        {
            var rule = written.Container.Rules[at];
            if (rule.IsForStream(written.IsError))
            {
                isAsked = true;
                isJson |= rule.IsJson;
                isCertain |= rule.Fields.Count == 0;
            }
        }

        return (isAsked, isJson, isCertain);
    }

    bool IsObject(ReadOnlySpan<byte> text) => message.TryIndex(text) && text[message.Position(0)] == (byte)'{';

    bool Passes(ContainerLine written)
    {
        if (!whole.TryIndex(@event.Written))
        {
            // Nested so deep that nobody can look: recorded rather than lost.
            return true;
        }

        var output = new AuditEvent { Line = @event.Written, Index = whole, Level = AuditLevel.RequestResponse };
        for (var at = 0; at < written.Container.Rules.Count; at++)
        {
            var rule = written.Container.Rules[at];
            if (rule.IsForStream(written.IsError) && All(rule.Fields, output))
            {
                return true;
            }
        }

        return false;
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
