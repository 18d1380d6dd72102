using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Sources;

/// <summary>Finds out what a content in the log's folder is, and from where it is to be read.</summary>
sealed class ContentFinder(LogFileConfiguration configuration, FileLedger ledger, Sightings sightings, UnreadFiles unread)
{
    readonly TimeSpan quiet = TimeSpan.FromMilliseconds(configuration.RotationQuietMilliseconds);

    readonly TimeSpan lateWriters = TimeSpan.FromSeconds(configuration.LateWriterSeconds);

    /// <summary>Whether what is there now is not to be read: at the first look of a source that begins at its log's end.</summary>
    public bool SkipsExisting { get; set; }

    /// <summary>Whether who wrote into it may not be done: a moment ago it had another name, or less in it.</summary>
    public bool MayGrow(Content content) =>
        content is { Format: null, Name: { } name } && content.PlainName == name.Name && content.SettledFor < lateWriters;

    /// <summary>Says of what is no regular file, or another log's by its name, that it is not read.</summary>
    /// <exception cref="IOException">It has the live name.</exception>
    public void CheckKind(Content content)
    {
        if (content.Name is { Grade: NameGrade.Foreign })
        {
            unread.LeaveForeign(content);
        }
        else if (content.Status.Kind != FileKind.Regular)
        {
            unread.LeaveSpecial(content);
        }
    }

    public void NoteTrouble(Content content, string message)
    {
        unread.NoteTrouble(content, message);
        NoteUnread(content);
    }

    /// <summary>Notes that too little of it can be decompressed to say what it is, or from where it is to be read.</summary>
    public void NoteDamage(Content content)
    {
        // It may be in the making.
        if (content.QuietFor >= quiet)
        {
            unread.LeaveDamaged(content, SkipsExisting);
        }
    }

    /// <summary>Reads the first line; null while there is none, or when the file is not to be read at all.</summary>
    /// <returns>The file's plain text.</returns>
    public ILogFile? Identify(Content content, ILogFile file)
    {
        var text = file;
        try
        {
            content.Format ??= CompressedFormat.Of(file, content.Path);
            if (content.Format is { Compression: Compression.Unreadable })
            {
                unread.LeaveUnsupported(content, SkipsExisting);
                return null;
            }

            text = content.Format?.Open(file) ?? file;
            content.First ??= FirstLine.Read(text, isWhole: false) ?? ReadUnended(content, text);
        }
        catch (InvalidDataException)
        {
            NoteDamage(content);
        }

        if (content.First is null)
        {
            if (content is { IsLive: false, IsSettled: false })
            {
                NoteUnread(content);
            }

            return null;
        }

        return content.Name is { Grade: NameGrade.Possible } && !IsOurs(content, text) ? null : text;
    }

    /// <summary>Says from where an identified file is to be read; null when nothing in it is new, nor will be.</summary>
    /// <param name="file">The file as it lies there.</param>
    /// <exception cref="IOException">It cannot be read now.</exception>
    public Start? Place(Content content, ILogFile file, ILogFile text)
    {
        if (TrySkip(content, file))
        {
            return null;
        }

        if (content.Format is not null)
        {
            sightings.Recognize(content, text);
        }

        var candidates = ledger.WithRoot(content.First!.Root);
        var match = content.Format is null ? FindPlain(file, candidates) : FindCompressed(content, file, candidates);
        var isRead = match is not null && !content.IsLive && (content.Format is not null || file.Length == match.Offset);
        var start = match is not null ? Start.AtEnd(match) : FindBeginning(content, text, candidates);
        content.File = start.IsCertain ? start.Known : null;
        if (isRead)
        {
            content.State = ContentState.Known;
            sightings.Forget(content);
            return MayGrow(content) ? start : null;
        }

        sightings.Note(content, file, text, content.File);
        return start;
    }

    /// <summary>Says from where a file is to be read that was empty when it was opened.</summary>
    public Start Place(FollowedFile file) => BeginAsKnown(file.First!, ledger.WithRoot(file.First!.Root));

    // A sibling without any newline may be a copy in the making: it is taken as it is only after it was quiet.
    FirstLine? ReadUnended(Content content, ILogFile text)
    {
        if (content.IsLive || content.Status.Size == 0 || content.QuietFor < quiet)
        {
            return null;
        }

        var first = FirstLine.Read(text, isWhole: true);
        if (first is null && text.Read(new byte[1], 0) > 0)
        {
            unread.Leave(content, $"{content.Path} holds nothing but empty lines and NUL bytes.");
        }

        return first;
    }

    void NoteUnread(Content content)
    {
        if (SkipsExisting)
        {
            sightings.Mark(content, SightingMark.Skipped);
        }
        else if (content.Status.Size > 0)
        {
            sightings.NoteUnread(content);
        }
    }

    bool IsOurs(Content content, ILogFile text)
    {
        if (content.First!.IsAuditEvent(text, configuration.MaxEventBytes))
        {
            return true;
        }

        // A copy in the making is not reported.
        if (content.QuietFor >= quiet)
        {
            unread.Leave(content, $"{content.Path} extends the log's name, and does not begin with an audit event: it is not read. "
                + "If it is a rotated log, set sources[].logFile.rotatedPattern to the names of rotated logs.");
        }

        return false;
    }

    // Who has the bytes before the offset has those before them: each event has an identity and microseconds in it. Not so the beginning of
    // one. Of what an older agent has read only the place of a line's end is known.
    static LedgerFile? FindPlain(ILogFile file, IReadOnlyList<LedgerFile> candidates) =>
        candidates.FirstOrDefault(known => known.Offset > 0
            && (known.Proof is { } proof ? proof.Holds(file, known.Offset) : known.Journal.Count == 0 && known.Offset <= file.Length)
            && (known.Offset == file.Length || LineEnd.IsAt(file, known.Offset)));

    // The plain file may have been read to its end by who held it open, and found compressed by who comes back.
    static LedgerFile? FindCompressed(Content content, ILogFile file, IReadOnlyList<LedgerFile> candidates)
    {
        if (content.Format!.Compression != Compression.Gzip || GzipTrailer.Read(file) is not { } trailer)
        {
            return null;
        }

        // Of what an older version of the agent has read only the length is known.
        return candidates.FirstOrDefault(known => known.Offset > 0 && (known.Crc is { } crc
            ? trailer.IsOf(crc, known.Offset)
            : known.Proof is null && known.Journal.Count == 0 && trailer.Length == (uint)(known.Offset & uint.MaxValue)));
    }

    // It is compared with what is known, line by line: with what was skipped of it, or from its first line on.
    Start FindBeginning(Content content, ILogFile text, IReadOnlyList<LedgerFile> candidates) =>
        candidates.FirstOrDefault(known => known.Base > 0 && IsSkippedIn(text, known)) is { } skipped ? Start.AtBase(skipped)
        : BeginAsKnown(content.First!, candidates);

    static bool IsSkippedIn(ILogFile text, LedgerFile known) =>
        known.BaseProof is { } proof ? proof.Holds(text, known.Base) : LineEnd.IsAt(text, known.Base);

    // One of which nothing was read is this one, if it begins with an event: two have none in common. With a header all may begin.
    Start BeginAsKnown(FirstLine line, IReadOnlyList<LedgerFile> candidates) =>
        candidates.FirstOrDefault(known => known.Base == 0) is not { } first ? Begin(line)
        : first.Offset == 0 && line.EventAt is not null ? Start.New(first)
        : Start.AtBase(first);

    Start Begin(FirstLine first)
    {
        var begun = ledger.Begin(first.Root);
        (begun.FirstEvent, begun.IsNew) = (first.EventAt, true);
        return Start.New(begun);
    }

    bool TrySkip(Content content, ILogFile file)
    {
        var skipped = sightings.MarkedAs(content, SightingMark.Skipped);
        if (!SkipsExisting && skipped is null)
        {
            return false;
        }

        if (content.Format is not null)
        {
            sightings.Mark(content, SightingMark.Skipped);
            content.State = ContentState.Known;
            return true;
        }

        SkipPlain(content, file, Math.Min(skipped?.Size ?? file.Length, file.Length));
        sightings.Forget(content);
        return false;
    }

    void SkipPlain(Content content, ILogFile file, long length)
    {
        var begun = ledger.Begin(content.First!.Root);
        var offset = content.IsLive ? LineEnd.Last(file, length) : length;
        begun.Skip(offset, Proof.Before(file, offset));
        (begun.FirstEvent, begun.IsNew) = (content.First.EventAt, true);
    }
}
