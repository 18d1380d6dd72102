using System.Text.Json;
using ClusterTrail.History.Reading;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Kubectl.Input;

/// <summary>
/// Finds audit events and processes in a file: an audit log, one event over several lines, or records of an archive, compressed or not.
/// </summary>
sealed class EventReader(EventReader.Handler handle) : IDisposable
{
    internal const string StandardInput = "-";

    readonly JsonIndex index = new();
    readonly EventSalvager salvager = new();

    internal delegate void Handler(in AuditEvent audit);

    /// <summary>How many events there were.</summary>
    internal long Events { get; private set; }

    /// <summary>The first that was neither an event nor a record; null if all was.</summary>
    internal string? Wrong { get; private set; }

    /// <summary>How many were neither.</summary>
    internal long WrongCount { get; private set; }

    /// <exception cref="TrailException">The file cannot be read.</exception>
    internal void Read(string file, CancellationToken cancellationToken)
    {
        var number = 0;
        try
        {
            foreach (var document in Documents(Open(file)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                number++;
                if (TryHandle(document.Span))
                    continue;
                WrongCount++;
                Wrong ??= $"its {Ordinal(number)} line or document is neither an event of audit.k8s.io/v1 nor a record of an archive";
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new TrailException(ExitCode.BadUsage, $"{file} cannot be read: {e.Message}", e);
        }
    }

    public void Dispose() => salvager.Dispose();

    static string Ordinal(int number) => number switch { 1 => "first", 2 => "second", 3 => "third", _ => $"{number}th" };

    static Stream Open(string file) => PlainText.Of(file == StandardInput ? Console.OpenStandardInput() : File.OpenRead(file));

    // A log has an event a line. What starts with a line that is nothing whole is one or more documents over several lines.
    /// <exception cref="InputTooLargeException">A line is longer than any event, or documents over several lines are.</exception>
    static IEnumerable<ReadOnlyMemory<byte>> Documents(Stream stream)
    {
        var first = true;
        using var lines = Lines.Read(stream).GetEnumerator();
        while (lines.MoveNext())
        {
            var line = Text(lines.Current);
            if (line.Span.Trim(" \t\r"u8).IsEmpty)
                continue;
            if (first && !IsWhole(line.Span))
            {
                foreach (var document in Split(Rest(lines)))
                    yield return document;
                yield break;
            }

            first = false;
            yield return line;
        }
    }

    static bool IsWhole(ReadOnlySpan<byte> line)
    {
        using var check = new EventReducer(int.MaxValue);
        check.Append(line);
        return check.IsWhole;
    }

    // An endless file, such as a device, ends here too.
    static ReadOnlyMemory<byte> Text(Line line) =>
        line.IsTooLong ? throw new InputTooLargeException(Limits.RecordBytes) : line.Text;

    static byte[] Rest(IEnumerator<Line> lines)
    {
        var all = new MemoryStream();
        do
        {
            all.Write(Text(lines.Current).Span);
            all.WriteByte((byte)'\n');
            if (all.Length > Limits.RecordBytes)
                throw new InputTooLargeException(Limits.RecordBytes);
        }
        while (lines.MoveNext());
        return all.ToArray();
    }

    static List<ReadOnlyMemory<byte>> Split(byte[] text)
    {
        var documents = new List<ReadOnlyMemory<byte>>();
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = Records.MaxJsonDepth });
        var end = 0;
        try
        {
            while (reader.Read())
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                end = (int)reader.BytesConsumed;
                documents.Add(text.AsMemory(start, end - start));
            }
        }
        catch (JsonException)
        {
            documents.Add(text.AsMemory(end));
        }

        return documents;
    }

    /// <summary>Takes an event, or a record of an archive; false if it is neither.</summary>
    internal bool TryHandle(ReadOnlySpan<byte> document)
    {
        if (salvager.TryParse(document, index, out var audit, out var reason))
            return Handle(audit);
        if (reason != AuditEvent.NotJson && TryHandleProcess(document))
            return true;
        if (reason == AuditEvent.NotJson
            || !TryFindEvent(document, out var inner, out var truncated, out var isRecord, out var isOfWorkload))
            return false;
        if (isOfWorkload)
            return TryHandleProcess(inner) || isRecord;
        if (inner.IsEmpty)
            return isRecord;
        if (!AuditEvent.TryParse(inner, index, out audit, out _))
            return false;
        audit.Truncation = truncated.IsEmpty ? null : RecordedTruncation.Read(truncated, audit);
        return Handle(audit);
    }

    // What containers wrote, and what was lost, has no origin and no rules.
    bool TryHandleProcess(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty || !ProcessEvent.TryParse(line, index, out var process, out _) || !process.Verb.SequenceEqual(ProcessEvent.Exec))
            return false;
        return Handle(line.IndexOf("\"notEvaluable\":"u8) < 0 ? process : ProcessEvent.WithoutOrigin(process));
    }

    bool Handle(in AuditEvent audit)
    {
        Events++;
        handle(audit);
        return true;
    }

    // Records without an event report findings, and lines that are not events. What processes and containers did is no audit event.
    bool TryFindEvent(
        ReadOnlySpan<byte> document, out ReadOnlySpan<byte> inner, out ReadOnlySpan<byte> truncated,
        out bool isRecord, out bool isOfWorkload)
    {
        isOfWorkload = false;
        inner = default;
        truncated = default;
        isRecord = false;
        foreach (var member in new JsonMembers(document, index, 0))
        {
            isRecord |= member.Name.SequenceEqual("eventVersion"u8);
            if (member.Name.SequenceEqual("eventCategory"u8))
                isOfWorkload = document[index.Position(member.Value)..].StartsWith("\"Workload\""u8);
            if (document[index.Position(member.Value)] != (byte)'{')
                continue;
            var value = document[index.Position(member.Value)..(index.Position(index.Closing(member.Value)) + 1)];
            if (member.Name.SequenceEqual("event"u8))
                inner = value;
            else if (member.Name.SequenceEqual("truncated"u8))
                truncated = value;
        }

        return isRecord;
    }
}
