using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources.Journal;

/// <summary>Reads the events of a journal, segment after segment, and lets go of those that are committed.</summary>
/// <remarks>Guarantee: it gives out an event only when it is on disk for good, so none that was not confirmed to its sender.</remarks>
/// <param name="missing">What is missing while nothing was ever received, and what to do; null while all is well.</param>
/// <param name="notice">What people should know of who sends.</param>
sealed class JournalSource(
    EventJournal journal, SourceProgress? from, int maxEventBytes, FollowerReport report, TimeProvider time,
    Func<string?> missing, Func<string?> notice) : ISource
{
    const string Vanished = "Vanished";
    const string Damaged = "Damaged";
    const string Lost = "Lost";

    const int MostGaps = 1000;

    readonly List<Gap> gaps = [.. from?.Gaps ?? []];
    LineReader? reader;
    ILogFile? file;
    long segment;
    FileId id;

    public SourceView View
    {
        get
        {
            var offset = reader?.Offset ?? 0;
            var lag = Math.Max(0, journal.BytesFrom(segment) - offset);
            return new(lag == 0 ? missing() : null, journal.Problem, notice(), new(id, offset), lag);
        }
    }

    public void Begin()
    {
        if (reader is not null)
            return;
        var start = from?.Files is [.., var last] ? last : null;
        var wanted = JournalFolder.NumberOf(start?.Name) ?? 0;
        journal.Release(wanted);
        if (start is not null && TryOpen(wanted, start.Offset, start.File))
            return;
        if (start is not null)
            NoteGap(FileId.Parse(start.File), start.Offset, Vanished, $"Segment {start.Name} of the journal is gone, or is another one.");
        OpenNext(wanted);
    }

    public SourceProgress TakeProgress() => reader is null ? from ?? SourceProgress.Empty : new()
    {
        Files = [new(id.ToString(), reader.Offset) { Name = JournalFolder.NameOf(segment) }],
        Newest = id.ToString(),
        Gaps = [.. gaps],
    };

    public void NoteSaved(SourceProgress progress)
    {
        if (progress.Files is [.., { Name: { } name }] && JournalFolder.NumberOf(name) is { } number)
            journal.Release(number);
    }

    public bool Watch() => false;

    public bool TryRead(out SourceLine line)
    {
        // The pipeline goes on with a known source whose beginning could not be opened.
        Begin();
        while (true)
        {
            if (reader!.TryTake(out var raw))
            {
                if (raw.IsBlank || (raw.Text.StartsWith(JournalLine.Mark) && raw.Oversized is null))
                {
                    if (JournalLine.TryReadLost(raw.Text) is { } lost)
                        NoteGap(id, raw.Offset, Lost, lost.Description, lost.Bytes > 0 ? lost.Bytes : null);
                    continue;
                }

                line = new(raw.Text, new(id, raw.Offset), raw.Oversized, raw.Nuls);
                return true;
            }

            if (reader.Fill() == 0 && !TryGoOn())
            {
                line = default;
                return false;
            }
        }
    }

    public void Dispose()
    {
        reader?.Dispose();
        file?.Dispose();
    }

    bool TryGoOn()
    {
        if (journal.End.Segment == segment)
            return false;
        // It was the last one a moment ago: what came meanwhile is read first.
        if (reader!.ReadOffset < file!.Length)
            return true;
        if (reader.HasTail)
            NoteGap(id, reader.Offset, Damaged, $"Segment {JournalFolder.NameOf(segment)} of the journal ends within a line.");
        OpenNext(segment + 1);
        return true;
    }

    void OpenNext(long least)
    {
        foreach (var number in journal.Segments.Where(number => number >= least))
        {
            if (TryOpen(number, null, null))
                return;
            NoteGap(
                default, 0, Damaged,
                $"Segment {JournalFolder.NameOf(number)} of the journal does not begin as one does, and stays unread.");
        }

        throw new IOException("The journal has no segment that can be read.");
    }

    bool TryOpen(long number, long? offset, string? expected)
    {
        if (DiskLogFile.Open(journal.PathOf(number)) is not { } found)
            return false;
        var opened = new CommittedFile(found, number, journal);
        if (JournalSegment.IdOf(opened, number, out var header) is not { } its || (expected is not null && its.ToString() != expected))
        {
            opened.Dispose();
            return false;
        }

        Dispose();
        (file, segment, id) = (opened, number, its);
        reader = new(opened, offset ?? header, maxEventBytes);
        return true;
    }

    void NoteGap(FileId gone, long offset, string reason, string detail, long? bytes = null)
    {
        // It is found again at the next start, if this one ends before its progress is saved.
        if (gaps.Exists(known => known.File == gone.ToString() && known.Offset == offset && known.Detail == detail))
            return;
        var gap = new Gap(gone.ToString(), offset, bytes, reason, time.GetUtcNow(), detail);
        gaps.Add(gap);
        if (gaps.Count > MostGaps)
            gaps.RemoveAt(0);
        report.GapFound(gap);
    }
}
