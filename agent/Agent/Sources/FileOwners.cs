using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>Which open file reads on in which known one: at most one each.</summary>
sealed class FileOwners(FileLedger ledger, ILineStore lines, IReadOnlyList<FollowedFile> open)
{
    public ulong Seed => lines.Seed;

    public LineJournal NewJournal() => new(lines, default, 0);

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
        HolderOf(known) is { } holder && holder != asking && holder.Trouble.Message is null && !IsThrough(holder);

    /// <summary>Forgets that it was not known which file this is.</summary>
    public void Decided(FollowedFile file) => ledger.Forget(LedgerFile.OfInode(file.Number));

    /// <summary>Whether more files than enough are held open for late writers, and this is the first of them.</summary>
    public bool AreTooMany(FollowedFile file) =>
        open.Count(other => other is { IsRetired: true, IsAtEnd: true }) > LogFollower.MaxResting
        && open.First(other => other is { IsRetired: true, IsAtEnd: true }) == file;

    /// <summary>What the file is that left a comparison with this line: the known one that ended there, or a new one.</summary>
    public LedgerFile Successor(LineComparison comparison, in RawLine line)
    {
        var parent = comparison.Parent;
        if (!comparison.Ended.Contains(parent))
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

    /// <summary>A file of its own from this byte on, where it leaves a known one.</summary>
    public LedgerFile Fork(LedgerFile parent, long offset, in RawLine line, LineJournal own)
    {
        // Cut off, but nothing is known to be missing of it.
        if (parent.Length <= parent.Offset && HolderOf(parent) is null)
        {
            parent.IsFinished = true;
        }

        var id = LineComparison.Fork(parent.Id, offset, line);
        var fork = ledger.Of(id) ?? ledger.Begin(id, parent.Root);
        fork.Journal = own.For(id);
        if (ledger.Newest == parent.Id)
        {
            ledger.Newest = id;
        }

        return fork;
    }

    // Something may have come since it was read to its end.
    static bool IsThrough(FollowedFile file) => file.IsAtEnd && (file.IsCompressed || file.Length <= file.Offset || file is { IsRetired: true, HasTail: true });
}
