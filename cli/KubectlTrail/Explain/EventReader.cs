using System.Text.Json;
using ClusterTrail.Kubectl.Reading;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Kubectl.Explain;

/// <summary>
/// Finds audit events in a file: an audit log, one event over several lines, or records of an archive, compressed or not.
/// </summary>
sealed class EventReader(EventReader.Handler handle)
{
    internal const string StandardInput = "-";

    readonly JsonIndex index = new();

    internal delegate void Handler(in AuditEvent audit);

    /// <summary>How many events there were.</summary>
    internal long Events { get; private set; }

    /// <summary>What was neither an event nor a record; null if all was.</summary>
    internal string? Wrong { get; private set; }

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
                if (!TryHandle(document.Span))
                    Wrong ??= $"its {Ordinal(number)} line or document is neither an event of audit.k8s.io/v1 nor a record of an archive";
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new TrailException(ExitCode.BadUsage, $"{file} cannot be read: {e.Message}", e);
        }
    }

    static string Ordinal(int number) => number switch { 1 => "first", 2 => "second", 3 => "third", _ => $"{number}th" };

    static Stream Open(string file) => PlainText.Of(file == StandardInput ? Console.OpenStandardInput() : File.OpenRead(file));

    // A log has an event a line. What starts with a line that is nothing whole is one or more documents over several lines.
    static IEnumerable<ReadOnlyMemory<byte>> Documents(Stream stream)
    {
        var (check, first) = (new JsonIndex(), true);
        using var lines = Lines.Read(stream).GetEnumerator();
        while (lines.MoveNext())
        {
            if (lines.Current.Span.Trim(" \t\r"u8).IsEmpty)
                continue;
            if (first && !check.TryIndex(lines.Current.Span))
            {
                foreach (var document in Split(Rest(lines)))
                    yield return document;
                yield break;
            }

            first = false;
            yield return lines.Current;
        }
    }

    static byte[] Rest(IEnumerator<ReadOnlyMemory<byte>> lines)
    {
        var all = new MemoryStream();
        do
        {
            all.Write(lines.Current.Span);
            all.WriteByte((byte)'\n');
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

    bool TryHandle(ReadOnlySpan<byte> document)
    {
        if (AuditEvent.TryParse(document, index, out var audit, out var reason))
            return Handle(audit);
        if (reason == "NotJson" || !TryFindEvent(document, out var inner, out var isRecord))
            return false;
        return inner.IsEmpty ? isRecord : AuditEvent.TryParse(inner, index, out audit, out _) && Handle(audit);
    }

    bool Handle(in AuditEvent audit)
    {
        Events++;
        handle(audit);
        return true;
    }

    // Records without an event report findings, gaps and lines that were too long.
    bool TryFindEvent(ReadOnlySpan<byte> document, out ReadOnlySpan<byte> inner, out bool isRecord)
    {
        inner = default;
        isRecord = false;
        foreach (var member in new JsonMembers(document, index, 0))
        {
            isRecord |= member.Name.SequenceEqual("eventVersion"u8);
            if (member.Name.SequenceEqual("event"u8) && document[index.Position(member.Value)] == (byte)'{')
                inner = document[index.Position(member.Value)..(index.Position(index.Closing(member.Value)) + 1)];
        }

        return isRecord;
    }
}
