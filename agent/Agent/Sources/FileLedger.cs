using System.IO.Hashing;
using System.Text;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>Which files of a log were read how far, and which were lost: the memory of a follower.</summary>
sealed class FileLedger
{
    // Finished files that are gone are remembered a while: a listing may miss a file that is just being renamed.
    const int Remembered = 256;

    // Of these also the lines: a power cut may bring a file back that is shorter than it was.
    const int RememberedLines = 16;

    const int MaxGaps = 1000;

    readonly OrderedDictionary<FileId, LedgerFile> files = [];
    readonly Dictionary<FileId, List<LedgerFile>> byRoot = [];
    readonly Dictionary<FileId, long> missingSince = [];
    readonly List<Gap> gaps;
    readonly ILineStore lines;
    readonly TimeProvider time;
    readonly TimeSpan patience;

    public FileLedger(SourceProgress state, ILineStore lines, TimeProvider time, TimeSpan patience)
    {
        (this.lines, this.time, this.patience) = (lines, time, patience);
        gaps = [.. state.Gaps];
        Newest = state.Newest is { } newest ? FileId.Parse(newest) : state.Files is [.., { } last] ? FileId.Parse(last.File) : null;
        foreach (var file in state.Files)
        {
            Add(LedgerFile.Parse(file, lines));
        }
    }

    /// <summary>The youngest file of the log.</summary>
    public FileId? Newest { get; set; }

    /// <summary>Told of each gap when it is noticed.</summary>
    public Action<Gap> GapFound { get; set; } = _ => { };

    public IEnumerable<LedgerFile> All => files.Values;

    /// <summary>Whether a file is missing and may yet be declared lost.</summary>
    public bool IsWaiting => missingSince.Count > 0;

    /// <summary>What a checkpoint keeps, with the lines that it counts on disk.</summary>
    /// <exception cref="IOException">They cannot be brought to disk.</exception>
    public SourceProgress TakeProgress()
    {
        foreach (var file in files.Values)
        {
            file.Journal?.Flush();
        }

        return new() { Files = [.. files.Values.Select(file => file.ToProgress())], Newest = Newest?.ToString(), Gaps = [.. gaps] };
    }

    public LedgerFile? Of(FileId id) => files.GetValueOrDefault(id);

    /// <summary>The files with this first line, the one read furthest first.</summary>
    public IEnumerable<LedgerFile> WithRoot(FileId root) =>
        byRoot.TryGetValue(root, out var same) ? same.Where(file => !file.IsUnreadable).OrderByDescending(file => file.Offset) : [];

    /// <summary>Notes a file that nothing is known of.</summary>
    public LedgerFile Begin(FileId id, FileId root)
    {
        var file = new LedgerFile(id, root) { Journal = new(lines, id, 0) };
        Add(file);
        return file;
    }

    public void Forget(FileId id)
    {
        if (files.Remove(id, out var file))
        {
            byRoot[file.Root].Remove(file);
            missingSince.Remove(id);
            lines.Remove(id);
        }
    }

    /// <summary>Deletes what is remembered of lines of files that are not known.</summary>
    public void Clean() => lines.RemoveAllBut(files.Keys.ToHashSet());

    /// <summary>Remembers a file of which it is not known which it is, or what is new in it, by its inode and how it begins.</summary>
    public LedgerFile Remember(FileNumber number, FileId? root, Proof? head, long length)
    {
        var id = LedgerFile.OfInode(number);
        if (Of(id) is { } known && known.Root != (root ?? id))
        {
            Forget(id);
        }

        var file = Of(id) ?? Begin(id, root ?? id);
        if (!file.IsSkipped)
        {
            (file.Journal, file.Proof, file.Length) = (null, head ?? file.Proof, length);
        }

        return file;
    }

    /// <summary>Forgets what was remembered of an inode, since it is known now which file it is; unless that was another one.</summary>
    public void Decide(FileNumber number, Func<LedgerFile, bool> isSame)
    {
        var id = LedgerFile.OfInode(number);
        if (Of(id) is { } file && !isSame(file))
        {
            Abandon(file);
        }

        Forget(id);
    }

    /// <summary>Notes that what was remembered of an inode is not in it any more: it lives on elsewhere, or is a gap.</summary>
    public void Abandon(FileNumber number)
    {
        if (Of(LedgerFile.OfInode(number)) is { } gone)
        {
            Abandon(gone);
        }
    }

    /// <summary>The files with this first line; of those of which nothing was read only the ones that begin as this file does.</summary>
    /// <remarks>What another file was to be, that begins with the same header, is not lost with its identity: it is remembered by how it begins.</remarks>
    public List<LedgerFile> Candidates(FileId root, Func<LedgerFile, bool> isOpen, Func<Proof, bool> begins)
    {
        foreach (var unread in WithRoot(root).Where(file => file is { Offset: 0, IsFinished: false } && !isOpen(file)).ToList())
        {
            if (unread.Head is { } head && !begins(head))
            {
                Abandon(unread);
            }
        }

        return [.. WithRoot(root)];
    }

    void Abandon(LedgerFile gone)
    {
        Forget(gone.Id);
        if (gone.IsSkipped)
        {
            return;
        }

        var head = gone.Head ?? gone.Proof;
        var id = new FileId(0, head is { } known ? (ulong)known.Hash : HashOf(gone));
        var file = Of(id) ?? Begin(id, gone.Root == gone.Id ? id : gone.Root);
        (file.Journal, file.Proof, file.Length, file.Name) = (null, head, gone.Length, gone.Name);
        Newest = Newest == gone.Id ? id : Newest;
    }

    // Of a file of which not even the beginning could be read.
    static ulong HashOf(LedgerFile file) => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes($"{file.Id} {file.Name} {file.Length} {file.Modified}"));

    public void AddGap(FileId id, long offset, long? bytes, string reason, string? detail = null)
    {
        // A damaged file is found damaged again when it is looked at again, also after a restart.
        if (gaps.Exists(known => known.File == id.ToString() && known.Offset == offset && known.Reason == reason))
        {
            return;
        }

        var gap = new Gap(id.ToString(), offset, bytes, reason, time.GetUtcNow(), detail);
        gaps.Add(gap);
        if (gaps.Count > MaxGaps)
        {
            gaps.RemoveAt(0);
        }

        GapFound(gap);
    }

    /// <summary>Notes which files there are: an unfinished one that stays away is a gap, a finished one is forgotten in time.</summary>
    /// <param name="there">The files that can be read on.</param>
    /// <param name="needed">Those that files which are there begin like.</param>
    public void Compare(IReadOnlySet<FileId> there, IReadOnlySet<FileId> needed)
    {
        foreach (var id in missingSince.Keys.Where(there.Contains).ToList())
        {
            missingSince.Remove(id);
        }

        foreach (var file in files.Values.Where(file => !there.Contains(file.Id)).ToList())
        {
            Miss(file);
        }

        var gone = files.Values.Where(file => file.IsFinished && !there.Contains(file.Id) && !needed.Contains(file.Id)).ToList();
        foreach (var file in gone.SkipLast(Remembered))
        {
            Forget(file.Id);
        }

        foreach (var file in gone.SkipLast(RememberedLines).Where(file => file.Journal is not null))
        {
            file.Journal = null;
            lines.Remove(file.Id);
        }
    }

    /// <summary>Looks for missing files anew: where there is no log at all, nobody can say what is lost of it.</summary>
    /// <remarks>The path may be wrong, or its volume not there yet. A file that is truly gone is a gap when there is a log again.</remarks>
    public void StopWaiting() => missingSince.Clear();

    void Add(LedgerFile file)
    {
        files[file.Id] = file;
        if (!byRoot.TryGetValue(file.Root, out var same))
        {
            byRoot[file.Root] = same = [];
        }

        same.Add(file);
    }

    void Miss(LedgerFile file)
    {
        if (file.IsFinished || missingSince.TryAdd(file.Id, time.GetTimestamp()) || time.GetElapsedTime(missingSince[file.Id]) < patience)
        {
            return;
        }

        missingSince.Remove(file.Id);
        if (file.IsSkipped)
        {
            Forget(file.Id);
            return;
        }

        // Remembered all the same: should it come back, on a volume that was away, it goes on from there.
        file.IsFinished = true;
        AddGap(file.Id, file.Offset, file.Length > file.Offset ? file.Length - file.Offset : null, "Vanished", Describe(file));
    }

    static string Describe(LedgerFile file) => file.IsUnreadable
        ? $"{file.Name} could never be read."
        : file.LastEvent is { } last ? $"The last event read of it happened at {last:O}." : "Nothing of it was read.";
}
