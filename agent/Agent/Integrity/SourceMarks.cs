using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Agent.Integrity;

/// <summary>Goes through what a digest will say of each source, entry by entry: counts, and numbers without holes.</summary>
/// <param name="marks">Where the digest before left each source.</param>
sealed class SourceMarks(IReadOnlyDictionary<string, SourceMark> marks)
{
    readonly Dictionary<string, SourceMark> marks = new(marks);
    readonly Dictionary<string, PeriodCounts> counts = [];
    readonly HashSet<string> restarted = [];
    readonly List<LostBatches> lost = [];

    public IReadOnlyDictionary<string, SourceMark> After => marks;

    /// <summary>What was declared lost, and what the ledger does not know.</summary>
    public IReadOnlyList<LostBatches> Lost => lost;

    public void Add(LedgerEntry entry)
    {
        if (entry.Lost is { } gone)
        {
            lost.Add(gone);
        }

        if (entry.Counts is { } read)
        {
            counts[entry.Source] = counts.GetValueOrDefault(entry.Source, PeriodCounts.None).And(read);
        }

        if (entry.Sealed is { } batch)
        {
            MoveTo(entry.Source, batch.Sequence);
            marks[entry.Source] = new(batch.Sequence + 1, batch.Sha256);
        }
        else if (entry.GoesOnWith is { } sequence)
        {
            MoveTo(entry.Source, sequence);
            marks[entry.Source] = new(sequence, marks.GetValueOrDefault(entry.Source)?.NewestSha256);
        }
    }

    /// <summary>The entries of a digest.</summary>
    /// <param name="names">The sources to be named; a source that the chain has not seen yet begins with 1.</param>
    public IReadOnlyList<DigestSource> Sources(IEnumerable<string> names) => [.. names.Select(name =>
    {
        var read = counts.GetValueOrDefault(name, PeriodCounts.None);
        return new DigestSource
        {
            Name = name,
            NextSequence = marks.GetValueOrDefault(name)?.NextSequence ?? 1,
            Restarted = restarted.Contains(name),
            Events = read.Events,
            Truncated = read.Truncated,
            Oversized = read.Oversized,
            Unparsable = read.Unparsable,
            Gaps = read.Gaps,
            MoreGaps = read.MoreGaps,
        };
    })];

    void MoveTo(string source, long sequence)
    {
        if (!marks.TryGetValue(source, out var mark) || mark.NextSequence == sequence)
        {
            return;
        }

        if (sequence < mark.NextSequence)
        {
            restarted.Add(source);
        }
        else if (!lost.Exists(range => range.Contains(source, mark.NextSequence) && range.Contains(source, sequence - 1)))
        {
            lost.Add(new(source, mark.NextSequence, sequence - 1, LostBatches.NotListed));
        }
    }
}
