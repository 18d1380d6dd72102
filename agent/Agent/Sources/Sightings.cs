using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>The files that were seen and not yet read to their end.</summary>
/// <remarks>
/// Guarantees: a file that goes away is a gap, unless what was seen of it is found, byte for byte as far as proofs say, in another file:
/// that one is read, or was. Each file that is there has at most one sighting; one that no file has any more is an orphan.
/// </remarks>
sealed class Sightings
{
    readonly List<Sighting> all;
    readonly Dictionary<Sighting, long> missingSince = [];
    readonly FileLedger ledger;
    readonly Contents contents;
    readonly IReadOnlyList<FollowedFile> open;
    readonly SightingSearch search;
    readonly TimeProvider time;
    readonly TimeSpan patience;

    /// <param name="patience">How long a missing file is looked for before it is declared lost.</param>
    public Sightings(
        SourceProgress state, FileLedger ledger, Contents contents, IReadOnlyList<FollowedFile> open, SightingSearch search,
        TimeProvider time, TimeSpan patience)
    {
        (this.ledger, this.contents, this.open, this.search, this.time, this.patience) = (ledger, contents, open, search, time, patience);
        all = [.. state.Seen.Select(Sighting.Parse), .. state.Files.Where(file => file.Finished is false).Select(Sighting.Of)];
    }

    /// <summary>Whether a file is missing and may yet be declared lost.</summary>
    public bool IsWaiting => missingSince.Count > 0;

    public IReadOnlyList<SeenFile> ToProgress() => [.. all.Select(seen => seen.ToProgress())];

    /// <summary>The known files of which more may come.</summary>
    public HashSet<FileId> Expected() => [.. all.Where(seen => seen.Mark is null).Select(seen => seen.File)];

    /// <summary>Whether, should nothing more be found of a known file, that becomes a gap at its end.</summary>
    public bool WillDeclareLost(LedgerFile file) =>
        all.Exists(seen => seen.File == file.Id && seen.Mark is null && seen.Offset >= file.Offset);

    /// <summary>Notes what an open file looks like and how far it was read.</summary>
    public void Note(FollowedFile file)
    {
        if (file.IsThrough())
        {
            Forget(file);
            return;
        }

        if (file.HasOtherContent())
        {
            Abandon(file);
            return;
        }

        if (file.Seen is { } before && SightingSearch.Lacks(file, before))
        {
            // Cut and written again behind what was read of it.
            file.Seen = null;
        }

        if (file.Length == 0)
        {
            return;
        }

        var seen = file.Seen ??= Add(file.Number);
        seen.Root = file.First?.Root;
        if (contents.Of(file.Number) is { } content)
        {
            seen.NoteName(content);
        }

        if (!file.IsCompressed)
        {
            seen.Look(file.Text, Math.Max(file.Length, file.ReadOffset));
        }

        seen.Place(file.IsDecided ? file.Known : null, file.Offset);
    }

    /// <summary>Notes that a file has another content: what it had may live on in a copy, and is a gap if not.</summary>
    public void Abandon(FollowedFile file)
    {
        if (file.Known is { } known)
        {
            var seen = file.Seen ??= Add(file.Number);
            seen.Root = file.First!.Root;
            file.LookBack(seen);
            seen.Place(file.IsDecided ? known : null, file.Offset);
        }

        file.StartOver();
    }

    /// <summary>Finds what an agent before a restart noted of a compressed file, which may have been in the making then.</summary>
    public void Recognize(Content content, ILogFile text) =>
        content.Seen ??= Orphan(seen => seen.Mark is null && seen.IsOf(content.Number) && seen.IsSame(content, text));

    /// <summary>Notes what a file looks like that is to be read.</summary>
    /// <param name="known">What was read of it; null when nobody knows.</param>
    /// <exception cref="IOException">It cannot be read now.</exception>
    public void Note(Content content, ILogFile file, ILogFile text, LedgerFile? known)
    {
        if (content is { Seen: { } before, IsSeenChecked: false } && !before.IsSame(content, text))
        {
            content.Seen = null;
        }

        var seen = content.Seen ??= Add(content.Number);
        seen.NoteName(content);
        seen.Root = content.First!.Root;
        if (content.Format is null)
        {
            seen.Look(text, file.Length);
        }
        else
        {
            seen.Head ??= Proof.OfHead(text);
            if (content.Format.Compression == Compression.Gzip && GzipTrailer.Read(file) is { } trailer)
            {
                (seen.Crc, seen.Size) = (trailer.Crc, trailer.Length);
            }
        }

        content.IsSeenChecked = true;
        seen.Place(known, known?.Offset ?? 0);
    }

    /// <summary>Notes a file of which nothing can be read now.</summary>
    public void NoteUnread(Content content)
    {
        if (content.Seen is { } before && (before.IsBlind ? !before.MayBe(content) : before.Size != content.Status.Size))
        {
            // Another file by now, or more than what was seen.
            content.Seen = null;
        }

        content.Seen ??= Orphan(seen => seen.IsBlind && seen.MayBe(content));
        if (content.Seen is null)
        {
            content.Seen = Add(content.Number);
            content.Seen.NoteName(content);
            content.Seen.Place(null, 0);
        }

        content.Seen.Size = content.Status.Size;
        content.Seen.NoteName(content);
    }

    /// <summary>Notes that a file is not to be read.</summary>
    /// <returns>What stands for it.</returns>
    public FileId Mark(Content content, SightingMark mark)
    {
        NoteUnread(content);
        content.Seen!.Mark = mark;
        return content.Seen.File;
    }

    /// <summary>Why a file is not to be read, if that was noted; the sighting shows the file as it was then.</summary>
    public Sighting? MarkedAs(Content content, SightingMark mark)
    {
        if (content.Seen is null)
        {
            content.Seen = Orphan(seen => seen.Mark is not null && seen.IsStill(content));
        }
        else if (content.Seen.Mark is not null && !content.Seen.IsStill(content))
        {
            Forget(content);
        }

        return content.Seen is { } marked && marked.Mark == mark ? marked : null;
    }

    /// <summary>Notes that nothing more is to be read of a file.</summary>
    public void Forget(FollowedFile file)
    {
        Forget(file.Seen);
        file.Seen = null;
    }

    /// <summary>Notes that nothing is to be read of a file.</summary>
    public void Forget(Content content)
    {
        Forget(content.Seen);
        content.Seen = null;
    }

    /// <summary>Notes that a file was this one before it was cut: what was read of it may be gone.</summary>
    public void NoteCut(LedgerFile known, FileNumber number) =>
        all.FindAll(seen => seen.IsOf(number) && seen.File == known.Id && seen.Size <= seen.Offset && !IsOwned(seen)).ForEach(Forget);

    /// <summary>Looks for what became of files that are gone.</summary>
    public void Match() => Orphans().FindAll(seen => seen.Mark is null && search.IsFound(seen)).ForEach(Forget);

    /// <summary>Declares lost, in time, what is nowhere.</summary>
    public void DeclareLost()
    {
        var orphans = Orphans().FindAll(seen => !search.IsUndecided(seen));
        foreach (var found in missingSince.Keys.Except(orphans).ToList())
        {
            missingSince.Remove(found);
        }

        foreach (var seen in orphans)
        {
            if (!missingSince.TryAdd(seen, time.GetTimestamp()) && time.GetElapsedTime(missingSince[seen]) >= patience)
            {
                Forget(seen);
                DeclareLost(seen);
            }
        }
    }

    /// <summary>Looks for missing files anew: where there is no log at all, nobody can say what is lost of it.</summary>
    /// <remarks>The path may be wrong, or its volume not there yet. A file that is truly gone is a gap when there is a log again.</remarks>
    public void StopWaiting() => missingSince.Clear();

    List<Sighting> Orphans()
    {
        var owned = open.Select(file => file.Seen).Concat(contents.All.Select(content => content.Seen)).ToHashSet();
        return all.FindAll(seen => !owned.Contains(seen));
    }

    // For few of them: it looks at all files.
    bool IsOwned(Sighting seen) => open.Any(file => file.Seen == seen) || contents.All.Any(content => content.Seen == seen);

    Sighting? Orphan(Predicate<Sighting> isSought) => all.Find(seen => isSought(seen) && !IsOwned(seen));

    Sighting Add(FileNumber number)
    {
        var seen = new Sighting { Inode = number.Inode, Born = number.Born };
        all.Add(seen);
        return seen;
    }

    void Forget(Sighting? seen)
    {
        if (seen is not null)
        {
            all.Remove(seen);
            missingSince.Remove(seen);
        }
    }

    void DeclareLost(Sighting seen)
    {
        if (seen.Mark is not null)
        {
            return;
        }

        var known = ledger.Of(seen.File);
        ledger.AddGap(seen.File, seen.Offset, seen.Size > seen.Offset ? seen.Size - seen.Offset : null, "Vanished", seen.Describe(known));
        if (known is { Offset: 0 } && !open.Any(file => file.Known == known) && !contents.All.Any(content => content.File == known))
        {
            ledger.Bury(known);
        }
    }
}
