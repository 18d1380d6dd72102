using System.Security.Cryptography;
using System.Text;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>Finds out which known file a file is, by comparing their lines from the first one on.</summary>
/// <remarks>
/// A file that was cut by a power cut, copied and written on, or that begins with the same header as another, shares lines with a known
/// one up to some line. From there on it is a file of its own; what it shares was archived already.
/// </remarks>
sealed class LineComparison(IReadOnlyList<LedgerFile> candidates, LineJournal own)
{
    readonly List<Known> all = [.. candidates.Select(file => new Known(file, 0))];
    readonly HashSet<FileId> looked = [.. candidates.Select(file => file.Id)];
    long offset;

    /// <summary>The files that it may be.</summary>
    public IEnumerable<LedgerFile> Candidates => all.Select(known => known.File);

    /// <summary>Those that end where it has been compared to.</summary>
    public IEnumerable<LedgerFile> Ended => all.Where(known => known.HasEnded(offset)).Select(known => known.File);

    /// <summary>Whether any goes on after that.</summary>
    public bool AnyGoesOn => all.Exists(known => !known.HasEnded(offset));

    /// <summary>Whether it shares more than a line, which may be every file's header.</summary>
    public bool HasEvents => own.Count > 1;

    /// <summary>Its own lines so far.</summary>
    public LineJournal Own => own;

    /// <summary>Whether it left a file of which only the length was known: then nobody can say where.</summary>
    public bool IsUnproven => Parent.Journal is null && !all.Exists(known => known.HasEnded(offset));

    /// <summary>Takes the next line; false when no candidate has it there: then <see cref="Parent"/> is the one it left.</summary>
    public bool TryPass(LineEntry entry)
    {
        var same = all.FindAll(known => known.Has(entry, offset));
        if (same.Count == 0)
        {
            return false;
        }

        offset += entry.Length;
        own.Add(entry);
        same.ForEach(known => known.Advance());
        all.Clear();
        all.AddRange(same);
        return true;
    }

    /// <summary>Takes the next line if a file has it that was not known when the comparison began; false when none has.</summary>
    public bool TryJoin(IEnumerable<LedgerFile> files, LineEntry entry)
    {
        all.AddRange(files.Where(file => looked.Add(file.Id) && BeginsAlike(file)).Select(file => new Known(file, own.Count)));
        return TryPass(entry);
    }

    /// <summary>The file whose lines it had up to here: one that ends here rather than one that goes on.</summary>
    public LedgerFile Parent => (all.Find(known => known.HasEnded(offset)) ?? all[0]).File;

    /// <summary>The identity of what leaves a known file at an offset with this line: the same whenever it is found.</summary>
    public static FileId Fork(FileId parent, long offset, in RawLine line)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes($"fork {parent} {offset} {line.Length} "));
        hash.AppendData(line.Text);
        hash.AppendData(line.Oversized?.Sha256 ?? []);
        return FileId.Of(hash.GetHashAndReset());
    }

    bool BeginsAlike(LedgerFile file)
    {
        if (file.Journal is not { } journal || journal.Count < own.Count)
        {
            return false;
        }

        var (mine, its) = (new ulong[own.Count], new ulong[own.Count]);
        return own.Read(0, mine) == own.Count && journal.Read(0, its) == own.Count && mine.AsSpan().SequenceEqual(its);
    }

    /// <summary>A known file, and how far the comparison is in it.</summary>
    sealed class Known(LedgerFile file, long first)
    {
        readonly ulong[] words = new ulong[256];
        int at;
        int count;
        int width;

        public LedgerFile File => file;

        public bool HasEnded(long offset) => file.Journal is { } journal ? first + at >= journal.Count : offset == file.Offset;

        // A file of an older version of the agent has no lines: it is what it was until its offset is passed.
        public bool Has(LineEntry entry, long offset)
        {
            if (file.Journal is null)
            {
                return offset + entry.Length <= file.Offset;
            }

            return TryPeek(out var mine) && mine.IsSameLine(entry);
        }

        public void Advance() => at += width;

        bool TryPeek(out LineEntry entry)
        {
            if (count - at < LineEntry.MaxWords)
            {
                first += at;
                at = 0;
                count = file.Journal!.Read(first, words);
            }

            return LineEntry.TryRead(words.AsSpan(at, count - at), out entry, out width);
        }
    }
}
