using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>Which lines of a log were read, and which were lost: the memory of a follower.</summary>
sealed class FileLedger
{
    // What was read of files that are gone is remembered a while: a backup may come back, and a rotation be listed in the midst of a
    // renaming.
    const int Remembered = 256;

    // Of these also the lines: a power cut may bring a file back that is shorter than it was.
    const int RememberedLines = 16;

    const int MaxGaps = 1000;

    readonly OrderedDictionary<FileId, LedgerFile> files = [];
    readonly Dictionary<FileId, List<LedgerFile>> byRoot = [];
    readonly List<Gap> gaps;
    readonly ILineStore lines;
    readonly TimeProvider time;

    public FileLedger(SourceProgress state, ILineStore lines, TimeProvider time)
    {
        (this.lines, this.time) = (lines, time);
        gaps = [.. state.Gaps];
        foreach (var progress in state.Files)
        {
            if (LedgerFile.Parse(progress, lines) is { } file)
            {
                Add(file);
            }
        }

        Newest = state.Newest is { } newest ? FileId.Parse(newest) : files.Count > 0 ? files.GetAt(files.Count - 1).Key : null;
    }

    /// <summary>The youngest file of the log.</summary>
    public FileId? Newest { get; set; }

    /// <summary>Called with each gap when it is noticed.</summary>
    public Action<Gap> GapFound { get; set; } = _ => { };

    /// <summary>The seed of the lines' hashes.</summary>
    public ulong Seed => lines.Seed;

    public IEnumerable<LedgerFile> All => files.Values;

    /// <summary>What a checkpoint keeps, with the lines that it counts on disk.</summary>
    /// <exception cref="IOException">They cannot be brought to disk.</exception>
    public SourceProgress TakeProgress()
    {
        foreach (var file in files.Values)
        {
            file.Journal.Flush();
        }

        return new() { Files = [.. files.Values.Select(file => file.ToProgress())], Newest = Newest?.ToString(), Gaps = [.. gaps] };
    }

    public LedgerFile? Of(FileId id) => files.GetValueOrDefault(id);

    /// <summary>The files with this first line, the one read furthest first.</summary>
    public IReadOnlyList<LedgerFile> WithRoot(FileId root) =>
        byRoot.TryGetValue(root, out var same) ? [.. same.OrderByDescending(file => file.Offset)] : [];

    /// <summary>Notes a file with a first line that no known one has.</summary>
    public LedgerFile Begin(FileId root) => Add(New(Free(root), root));

    /// <summary>Notes a file that leaves the lines of another one at a byte, with this line.</summary>
    /// <param name="words">How many words of the other one's lines it has.</param>
    public LedgerFile Fork(LedgerFile parent, long words, in RawLine line)
    {
        var fork = New(Free(ForkId(parent.Id, line)), parent.Root);
        fork.BeginAs(parent, words, line.Offset);
        return Add(fork);
    }

    /// <summary>Notes that a file is gone of which nothing was read: no other one that begins with the same line is it.</summary>
    public void Bury(LedgerFile file)
    {
        var id = Free(Derive($"buried {file.Id}"));
        Forget(file.Id);
        var buried = Add(New(id, id));
        (buried.FirstEvent, buried.Name, buried.Modified, buried.IsNew) = (file.FirstEvent, file.Name, file.Modified, file.IsNew);
        Newest = Newest == file.Id ? id : Newest;
    }

    /// <summary>Deletes what is remembered of lines of files that are not known.</summary>
    public void Clean() => lines.RemoveAllBut(files.Keys.ToHashSet());

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

    /// <summary>Forgets, in time, files of which nothing is there any more.</summary>
    public void Compact(Func<LedgerFile, bool> isNeeded)
    {
        var gone = files.Values.Where(file => !isNeeded(file)).ToList();
        foreach (var file in gone.SkipLast(Remembered))
        {
            Forget(file.Id);
        }

        foreach (var file in gone.TakeLast(Remembered).SkipLast(RememberedLines).Where(file => !file.TryDropLines(lines)))
        {
            Forget(file.Id);
        }
    }

    static FileId ForkId(FileId parent, in RawLine line)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes($"fork {parent} {line.Offset} {line.Length} "));
        hash.AppendData(line.Text);
        hash.AppendData(line.Oversized?.Sha256 ?? []);
        return FileId.Of(hash.GetHashAndReset());
    }

    static FileId Derive(string text) => FileId.Of(SHA256.HashData(Encoding.ASCII.GetBytes(text)));

    // The identity that follows from what a file is; or from that it is the second one of that identity.
    FileId Free(FileId id)
    {
        while (files.ContainsKey(id))
        {
            id = Derive($"another {id}");
        }

        return id;
    }

    LedgerFile New(FileId id, FileId root) => new(id, root, new(lines, id, 0));

    LedgerFile Add(LedgerFile file)
    {
        files[file.Id] = file;
        if (!byRoot.TryGetValue(file.Root, out var same))
        {
            byRoot[file.Root] = same = [];
        }

        same.Add(file);
        return file;
    }

    void Forget(FileId id)
    {
        if (files.Remove(id, out var file))
        {
            byRoot[file.Root].Remove(file);
            lines.Remove(id);
        }
    }
}
