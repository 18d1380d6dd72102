using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Sources;

/// <summary>Finds out which file a content in the log's folder is, and from where it is to be read.</summary>
sealed class ContentFinder(LogFileConfiguration configuration, FileLedger ledger, FileOwners owners, UnreadFiles unread)
{
    readonly TimeSpan quiet = TimeSpan.FromMilliseconds(configuration.RotationQuietMilliseconds);

    /// <summary>Whether what is there now is not to be read: at the first look of a source that begins at its log's end.</summary>
    public bool SkipsExisting { get; set; }

    /// <summary>Says of what is no regular file, or another log's by its name, that it is not read.</summary>
    /// <exception cref="IOException">It has the live name.</exception>
    public void CheckKind(Content content)
    {
        unread.Doubt(content);
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
        if (content.First is null)
        {
            unread.Remember(content, SkipsExisting);
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
                unread.TellUnsupported(content, SkipsExisting);
                return null;
            }

            text = content.Format?.Open(file) ?? file;
            content.First ??= FirstLine.Read(text, isWhole: false) ?? ReadUnended(content, text);
        }
        catch (InvalidDataException)
        {
            // It may be in the making.
            if (content.QuietFor >= quiet)
            {
                unread.TellDamaged(content, SkipsExisting);
            }
        }

        if (content.First is null)
        {
            if (SkipsExisting && content is { IsLive: false, IsSettled: false })
            {
                unread.Remember(content, isSkipped: true);
            }

            return null;
        }

        return content.Name is { Grade: NameGrade.Possible } && !IsOurs(content, text) ? null : text;
    }

    /// <summary>Says how an identified file is to be read on; null when it is not, or not now.</summary>
    /// <param name="file">The file as it lies there.</param>
    /// <param name="onlyKnown">Whether nothing is to be done unless it is known for certain which file it is.</param>
    public Action<FollowedFile>? Place(Content content, ILogFile file, ILogFile text, bool onlyKnown)
    {
        if (TrySkip(content, file, text))
        {
            return null;
        }

        var known = ledger.Candidates(content.First!.Root, one => owners.HolderOf(one) is not null, head => head.Holds(text, head.Bytes));
        (content.Files, content.IsUndecided) = (known, false);
        if (known.Count == 0)
        {
            return onlyKnown ? null : Begin(content, file, text);
        }

        var match = content.Format is null ? known.Find(one => Holds(one, file)) : FindCompressed(content, file, known);
        if (match is not null && !content.IsLive && IsAllRead(content, file, match))
        {
            (content.Files, content.State) = ([match], ContentState.Known);
            return null;
        }

        if (match is { Journal: not null } && content.Format is null && owners.HolderOf(match) is null)
        {
            content.Files = [match];
            return followed => GoOn(followed, match);
        }

        if (onlyKnown)
        {
            return null;
        }

        // Until it is known what is new in it, it is known by its inode: should it go away, that is a gap.
        content.IsUndecided = true;
        unread.Remember(content, text);
        if (!content.IsLive && known.Exists(one => owners.IsBusy(one, null)))
        {
            content.State = ContentState.Waiting;
            return null;
        }

        return followed => followed.Compare(new(known, owners.NewJournal()));
    }

    /// <summary>Forgets files that were never read, and are gone, when what was in them is there under another name.</summary>
    public void ForgetLiving(Presence presence, IReadOnlyList<FollowedFile> held, Func<string, ILogFile?> open)
    {
        foreach (var gone in ledger.All.Where(file => file.IsUnreadable && !presence.There.Contains(file.Id)).ToList())
        {
            if ((gone.Proof is { } head && held.Any(file => file.Begins(head))) || unread.LivesOn(gone, open))
            {
                ledger.Forget(gone.Id);
            }
        }
    }

    /// <summary>Says how a file goes on that was empty when it was opened.</summary>
    public void Identified(FollowedFile file)
    {
        var known = ledger.Candidates(file.First!.Root, one => owners.HolderOf(one) is not null, file.Begins);
        if (known.Count > 0)
        {
            file.Compare(new(known, owners.NewJournal()));
            return;
        }

        owners.Decided(file);
        var begun = ledger.Begin(file.First.Root, file.First.Root);
        (begun.FirstEvent, begun.IsNew, begun.Head) = (file.First.EventAt, true, file.Head());
        file.GoOn(begun);
    }

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

    bool IsOurs(Content content, ILogFile text)
    {
        if (content.First!.IsAuditEvent(text, configuration.MaxEventBytes))
        {
            return true;
        }

        // A copy in the making is not told of.
        if (content.QuietFor >= quiet)
        {
            unread.Leave(content, $"{content.Path} extends the log's name, and does not begin with an audit event: it is not read. "
                + "If it is a rotated log, set sources[].logFile.rotatedPattern to the names of rotated logs.");
        }

        return false;
    }

    Action<FollowedFile> Begin(Content content, ILogFile file, ILogFile text)
    {
        var begun = ledger.Begin(content.First!.Root, content.First.Root);
        begun.FirstEvent = content.First.EventAt;
        begun.IsNew = true;
        begun.Head = HeadOf(text);
        begun.Length = content.Format switch
        {
            null => file.Length,
            { Compression: Compression.Gzip } => GzipTrailer.Read(file)?.Length ?? 0,
            _ => 0,
        };
        content.Files = [begun];
        return followed => followed.GoOn(begun);
    }

    // What tells it from others that begin with the same line, until anything of it is read.
    static Proof? HeadOf(ILogFile text)
    {
        var head = new byte[LineReader.HistoryBytes];
        return Proof.Of(head.AsSpan(0, FileBytes.Fill(text, head, 0)));
    }

    void GoOn(FollowedFile followed, LedgerFile known)
    {
        // Another file that has more of it would have been taken for a copy.
        if (!followed.IsRetired && followed.Length < known.Length && followed.Length >= known.Offset)
        {
            ledger.AddGap(known.Id, followed.Length, known.Length - followed.Length, "Vanished", "The log was cut before this was read.");
            known.Length = followed.Length;
        }

        followed.GoOn(known);
    }

    static bool Holds(LedgerFile known, ILogFile file) => known.Head is { } head && !head.Holds(file, head.Bytes) ? false
        : known is { Head: not null, Offset: 0 } ? true
        : known.Proof is { } proof ? proof.Holds(file, known.Offset)
        : known is { Journal: null, Offset: > 0, IsFinished: true } && known.Offset == file.Length;

    // The plain file may have been read to its end by who held it open, and found compressed by who comes back.
    static LedgerFile? FindCompressed(Content content, ILogFile file, List<LedgerFile> known)
    {
        if (content.Format!.Compression != Compression.Gzip || GzipTrailer.Read(file) is not { } trailer)
        {
            return null;
        }

        // Of what an older version of the agent has read only the length is known.
        return known.Find(one => one.Crc is { } crc && one.Offset > 0 && trailer.IsOf(crc, one.Offset))
            ?? known.Find(one => one is { Crc: null, Journal: null, Proof: null, IsFinished: true } && trailer.Length == (uint)(one.Offset & uint.MaxValue));
    }

    bool IsAllRead(Content content, ILogFile file, LedgerFile match)
    {
        if (content.Format is null && file.Length != match.Offset)
        {
            return false;
        }

        if (content.Format is not null && owners.HolderOf(match) is null && match.Length <= match.Offset)
        {
            match.IsFinished = true;
        }

        return owners.HolderOf(match) is null ? match.IsFinished : !owners.IsBusy(match, null);
    }

    bool TrySkip(Content content, ILogFile file, ILogFile text)
    {
        var skipped = unread.Recall(content, text);
        if (!SkipsExisting && skipped is null)
        {
            return false;
        }

        if (content.Format is not null)
        {
            unread.Remember(content, isSkipped: true);
            (content.Files, content.State) = ([ledger.Of(LedgerFile.OfInode(content.Number))!], ContentState.Known);
            return true;
        }

        if (ledger.Of(content.First!.Root) is null)
        {
            SkipPlain(content, file, skipped?.Length ?? file.Length);
        }

        ledger.Forget(LedgerFile.OfInode(content.Number));
        return false;
    }

    void SkipPlain(Content content, ILogFile file, long length)
    {
        var begun = ledger.Begin(content.First!.Root, content.First.Root);
        begun.Offset = content.IsLive ? LineEnd.Last(file, Math.Min(length, file.Length)) : Math.Min(length, file.Length);
        begun.Length = file.Length;
        begun.Journal = begun.Offset == 0 ? begun.Journal : null;
        begun.IsFinished = !content.IsLive;
        begun.IsNew = true;
        begun.FirstEvent = content.First.EventAt;
        var history = new byte[(int)Math.Min(begun.Offset, LineReader.HistoryBytes)];
        begun.Proof = Proof.Of(history.AsSpan(0, FileBytes.Fill(file, history, begun.Offset - history.Length)));
    }
}
