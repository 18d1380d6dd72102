using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>Which open file reads on in which known one: at most one each.</summary>
sealed class FileOwners(FileLedger ledger, ILineStore lines, IReadOnlyList<FollowedFile> open)
{
    public ulong Seed => lines.Seed;

    public LineJournal NewJournal() => new(lines, default, 0);

    /// <summary>The known files with this first line.</summary>
    public IEnumerable<LedgerFile> Like(FirstLine first) => ledger.WithRoot(first.Root);

    public FollowedFile? HolderOf(LedgerFile known)
    {
        foreach (var file in open)
        {
            if (file.Known == known)
            {
                return file;
            }
        }

        return null;
    }

    /// <summary>Whether another file that is read has the known one, and is not through.</summary>
    public bool IsBusy(LedgerFile known, FollowedFile? asking) =>
        HolderOf(known) is { } holder && holder != asking && holder.Trouble.Message is null && !holder.IsThrough();

    /// <summary>Notes that it is not known which file this is, or how much of it is new: should it go away, that is a gap.</summary>
    public void Remember(FollowedFile file)
    {
        if (file.Known is not null || file.IsReleased || file.Length == 0)
        {
            return;
        }

        var head = file.Head();
        if (ledger.Of(LedgerFile.OfInode(file.Number))?.Proof is { } before && head is { } now && now.Bytes >= before.Bytes && !file.Begins(before))
        {
            ledger.Abandon(file.Number);
        }

        ledger.Remember(file.Number, file.First?.Root, head, file.IsCompressed ? 0 : file.Length);
    }

    /// <summary>Notes that a file has another content from now on.</summary>
    public void Abandon(FollowedFile file)
    {
        if (file.Known is null)
        {
            ledger.Abandon(file.Number);
        }
    }

    /// <summary>Forgets that it was not known which file this is.</summary>
    public void Decided(FollowedFile file) => ledger.Decide(file.Number, known => known.Proof is not { } head || file.Begins(head));

    /// <summary>Whether more files than enough are held open for late writers, and this is the first of them.</summary>
    public bool AreTooMany(FollowedFile file) =>
        open.Count(other => other is { IsRetired: true, IsAtEnd: true }) > LogFollower.MaxResting
        && open.First(other => other is { IsRetired: true, IsAtEnd: true }) == file;

    /// <summary>What the file is that left a comparison with this line: the known one that ended there, or a new one.</summary>
    public LedgerFile Successor(LineComparison comparison, in RawLine line, Func<LedgerFile, bool> canBe)
    {
        var parent = comparison.Parent;
        if (!comparison.Ended.Contains(parent) || !canBe(parent))
        {
            return Fork(parent, line.Offset, line, comparison.Own);
        }

        switch (HolderOf(parent))
        {
            case null:
                return parent;
            // Read to its end and without its name, or not to be read: what has more goes on in its place.
            case { IsRetired: true } holder:
                holder.Release();
                return parent;
            default:
                return Fork(parent, line.Offset, line, comparison.Own);
        }
    }

    /// <summary>Notes that a file goes on in the place of another one, which was cut: or that it is the log's next one.</summary>
    public void Follow(LedgerFile fork, LedgerFile parent, FollowedFile file, bool isNext)
    {
        fork.IsNew |= isNext;
        if (isNext)
        {
            return;
        }

        NoteCut(parent, file);
        if (ledger.Newest == parent.Id)
        {
            ledger.Newest = fork.Id;
        }
    }

    /// <summary>Notes that a known file was this one before it was cut: nothing more will come of it.</summary>
    public void NoteCut(LedgerFile known, FollowedFile file)
    {
        if (known.Inode == file.Number.Inode && known.Length <= known.Offset && HolderOf(known) is null)
        {
            known.IsFinished = true;
        }
    }

    /// <summary>A file of its own from this byte on, where it leaves a known one.</summary>
    public LedgerFile Fork(LedgerFile parent, long offset, in RawLine line, LineJournal own)
    {
        var id = LineComparison.Fork(parent.Id, offset, line);
        var fork = ledger.Of(id) ?? ledger.Begin(id, parent.Root);
        fork.Journal = own.For(id);
        return fork;
    }
}
