using ClusterTrail.Contract;

namespace ClusterTrail.Agent.Sources;

/// <summary>The files beside a log that are not read: each is told of once, and what was in it is not forgotten.</summary>
sealed class UnreadFiles(LogFileConfiguration configuration, FileLedger ledger, Contents contents, FollowerReport report)
{
    bool toldForeign;

    /// <summary>What people should know of them; null while there are none.</summary>
    public string? Notice
    {
        get
        {
            var left = contents.All.Where(content => content.Reason is not null).ToList();
            return left.Count switch
            {
                0 => null,
                1 => left[0].Reason,
                _ => $"{left[0].Reason} {left.Count - 1} more files are not read; the log tells of each.",
            };
        }
    }

    /// <summary>Which file cannot be read, and why; null while all can.</summary>
    public string? Trouble
    {
        get
        {
            var troubles = contents.All.Select(content => content.Trouble.Message).OfType<string>().Concat(contents.Troubles).ToList();
            return troubles.Count < 2 ? troubles.FirstOrDefault() : $"{troubles[0]} {troubles.Count - 1} more files cannot be read.";
        }
    }

    public void Leave(Content content, string reason)
    {
        content.State = ContentState.Unread;
        content.Reason = reason;
        report.Unread(reason);
    }

    /// <summary>A name such as audit-webhook.log: another log, with rotated files of its own, so one is told of for all.</summary>
    public void LeaveForeign(Content content)
    {
        content.State = ContentState.Unread;
        if (!toldForeign)
        {
            toldForeign = true;
            report.Unread($"{content.Path} is taken for another log than {configuration.Path}, and not read, as are others of this kind. "
                + "If they are its rotated files, set sources[].logFile.rotatedPattern to their names.");
        }
    }

    /// <exception cref="IOException">It has the live name.</exception>
    public void LeaveSpecial(Content content)
    {
        if (!content.IsLive)
        {
            Leave(content, $"{content.Path} is named like a rotated log and is no regular file: it is not read.");
            return;
        }

        var what = content.Status.Kind == FileKind.Folder ? "a folder" : "no regular file";
        throw new IOException($"{content.Path} is {what}, and must be the log's file. Correct sources[].logFile.path.");
    }

    public void NoteTrouble(Content content, string message)
    {
        content.Trouble.Met(message);
        report.ReadFailed(message);
    }

    /// <summary>Remembers a file of which it is not known what is new in it, so that it is a gap when it goes away.</summary>
    public void Remember(Content content, ILogFile text)
    {
        var head = new byte[LineReader.HistoryBytes];
        var proof = Proof.Of(head.AsSpan(0, FileBytes.Fill(text, head, 0)));
        if (ledger.Of(LedgerFile.OfInode(content.Number))?.Proof is { } before && !before.Holds(text, before.Bytes))
        {
            ledger.Abandon(content.Number);
        }

        Note(content, ledger.Remember(content.Number, content.First?.Root, proof, content.Status.Size));
    }

    /// <summary>Whether a file that was remembered and is gone lives on: renamed and compressed, or copied, while nobody looked.</summary>
    public bool LivesOn(LedgerFile gone, Func<string, ILogFile?> open) => contents.All.Any(content =>
        (content is { Format: not null, Name.Number: null } && content.PlainName == gone.Name && gone.Name is not null)
        || (gone.Proof is { } proof && (content.First is null || content.First.Root == gone.Root || gone.Root == gone.Id) && Begins(content, proof, open)));

    static bool Begins(Content content, Proof proof, Func<string, ILogFile?> open)
    {
        try
        {
            using var file = open(content.Path);
            return file is not null && file.Number == content.Number && proof.Holds(content.Format?.Open(file) ?? file, proof.Bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // It cannot be read now, and is looked at again.
            return false;
        }
    }

    /// <summary>Remembers a file of which nothing was read, so that it is a gap when it goes away.</summary>
    /// <param name="isSkipped">Whether it is not to be read as far as it has got: then it is none.</param>
    public LedgerFile Remember(Content content, bool isSkipped)
    {
        var isNew = ledger.Of(LedgerFile.OfInode(content.Number)) is null;
        var file = ledger.Remember(content.Number, content.First?.Root, null, content.Status.Size);
        file.IsSkipped |= isNew && isSkipped;
        if (isNew || !file.IsSkipped)
        {
            Note(content, file);
        }

        return file;
    }

    static void Note(Content content, LedgerFile file) => (file.Name, file.Modified) = (content.PlainName, content.Status.Modified);

    /// <summary>Inode numbers are used again: what is shorter than what was remembered is another file.</summary>
    public void Doubt(Content content)
    {
        if (ledger.Of(LedgerFile.OfInode(content.Number)) is { IsFinished: false } file && content.Status.Size < file.Length)
        {
            ledger.Abandon(content.Number);
        }
    }

    /// <summary>What was remembered to be skipped of a file that could not be read then; null when it is to be read.</summary>
    public LedgerFile? Recall(Content content, ILogFile text)
    {
        var id = LedgerFile.OfInode(content.Number);
        if (ledger.Of(id) is not { } file)
        {
            return null;
        }

        // Inode numbers are used again.
        var isSame = file.Name == content.PlainName || file.Modified == content.Status.Modified;
        if (file.IsSkipped && isSame)
        {
            return file;
        }

        ledger.Decide(content.Number, known => known.Proof is { } head ? head.Holds(text, head.Bytes) : isSame);
        return null;
    }

    /// <summary>A compression that the agent cannot read: a gap, unless the plain file was read.</summary>
    public void TellUnsupported(Content content, bool isSkipped)
    {
        var isKnown = isSkipped || WasRead(content) || IsRemembered(content);
        var file = Remember(content, isSkipped);
        file.IsFinished = true;
        if (isKnown)
        {
            content.State = ContentState.Unread;
            return;
        }

        var reason = content.Format!.Describe(content.Path);
        Leave(content, reason);
        ledger.AddGap(file.Id, 0, null, "Unsupported", reason);
    }

    // Nobody can say what was in it, and so it is told by its inode; unless the plain file is there.
    public void TellDamaged(Content content, bool isSkipped)
    {
        content.State = ContentState.Unread;
        if (contents.All.Any(other => other.Name?.Name == content.PlainName))
        {
            return;
        }

        var isKnown = isSkipped || HasReadName(content) || IsRemembered(content);
        var file = Remember(content, isSkipped);
        file.IsFinished = true;
        if (!isKnown)
        {
            var reason = $"{content.Path} is damaged: nothing of it can be decompressed.";
            Leave(content, reason);
            ledger.AddGap(file.Id, 0, null, "Damaged", reason);
        }
    }

    bool IsRemembered(Content content) => ledger.Of(LedgerFile.OfInode(content.Number)) is { IsFinished: true };

    // Compressions keep the time of the last change; names may have been counted up meanwhile.
    bool WasRead(Content content) => HasReadName(content)
        || ledger.All.Any(file => file is { IsFinished: true, IsUnreadable: false } && file.Modified == content.Status.Modified);

    bool HasReadName(Content content) => content.Name is { Number: null }
        && ledger.All.Any(file => file is { IsFinished: true, IsUnreadable: false } && file.Name == content.PlainName);
}
