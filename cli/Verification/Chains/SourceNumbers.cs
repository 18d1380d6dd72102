using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Verification.Chains;

/// <summary>Follows the numbers of the batches of each source along a chain: they have no holes but those that are declared.</summary>
sealed class SourceNumbers
{
    // An agent declares few; more would be a flood.
    const int MostLost = 10_000;

    readonly Dictionary<string, long> next = [];
    readonly Dictionary<string, SourceStart> starts = [];
    readonly Dictionary<string, long> last = [];
    readonly List<(LostBatches Range, long Digest)> lost = [];
    readonly Dictionary<string, long> before = [];
    bool isFirst;
    readonly List<(string Source, long From, long To)> gaps = [];

    public IReadOnlyDictionary<string, SourceStart> Starts => starts;

    public IEnumerable<LostBatches> Lost => lost.Select(one => one.Range);

    /// <summary>The number of a source's next batch, as the newest digest with it says; null if none has it.</summary>
    public long? NextOf(string source) => last.TryGetValue(source, out var sequence) ? sequence : null;

    /// <summary>
    /// Whether the digest that names a batch, or a later one, declares it as lost: the numbers may start over after an earlier one.
    /// </summary>
    public bool IsLost(string source, long sequence, long digestSequence) =>
        lost.Any(one => one.Digest >= digestSequence && one.Range.Contains(source, sequence));

    /// <summary>What comes next does not follow on what was there before: digests between them are missing.</summary>
    public void Forget()
    {
        foreach (var (source, sequence) in next)
            before.TryAdd(source, sequence);
        next.Clear();
    }

    /// <summary>Whether a digest may name it that is not there.</summary>
    public bool IsInGap(string source, long sequence) =>
        gaps.Any(gap => gap.Source == source && gap.From <= sequence && sequence < gap.To);

    public IReadOnlyList<NumberFault> Add(Digest digest)
    {
        isFirst = next.Count == 0 && last.Count == 0;
        lost.AddRange(digest.Lost.Take(MostLost - lost.Count).Select(range => (range, digest.Sequence)));
        var faults = new List<NumberFault>();
        foreach (var source in digest.Sources)
            Add(digest, source, faults);
        return faults;
    }

    void Add(Digest digest, DigestSource source, List<NumberFault> faults)
    {
        NoteGap(digest, source);
        long? expected = next.TryGetValue(source.Name, out var sequence) ? sequence : null;
        var mayGoBack = source.Restarted;
        var named = digest.Objects.Where(one => one.Source == source.Name).Select(one => one.Sequence).ToList();
        foreach (var number in named)
        {
            Compare(digest, source.Name, (expected, number), ref mayGoBack, faults);
            expected = number + 1;
        }

        Compare(digest, source.Name, (expected, source.NextSequence), ref mayGoBack, faults);
        next[source.Name] = last[source.Name] = source.NextSequence;
        starts.TryAdd(source.Name, new(named is [var first, ..] ? first : source.NextSequence, digest.From));
    }

    void NoteGap(Digest digest, DigestSource source)
    {
        // Where the chain's first digests are missing, they may name any smaller number.
        if (!before.Remove(source.Name, out var from) && (!isFirst || digest.Sequence == 1))
            return;
        var to = digest.Objects.FirstOrDefault(one => one.Source == source.Name)?.Sequence ?? source.NextSequence;
        if (gaps.Count < MostLost)
            gaps.Add((source.Name, from, to));
    }

    static void Compare(
        Digest digest, string source, (long? Expected, long Number) numbers, ref bool mayGoBack, List<NumberFault> faults)
    {
        if (numbers is not ({ } from, var number) || number == from)
            return;
        if (number > from)
        {
            if (Undeclared(digest, source, from, number - 1) is > 0 and var count)
                faults.Add(new(
                    source,
                    $"Of the numbers {from} to {number - 1} of the source {source}, {count} are neither named nor declared as lost.",
                    count));
            return;
        }

        if (!mayGoBack)
            faults.Add(new(source, $"The numbers of the source {source} go back from {from} to {number}, and no digest says why.", 1));
        mayGoBack = false;
    }

    // Only what the same digest says: numbers may have started over since an earlier one.
    static long Undeclared(Digest digest, string source, long from, long to)
    {
        var count = 0L;
        foreach (var range in digest.Lost.Where(range => range.Source == source).OrderBy(range => range.From))
        {
            if (range.From > to)
                break;
            count += Math.Max(0, range.From - from);
            from = Math.Max(from, range.To == long.MaxValue ? long.MaxValue : range.To + 1);
            if (from > to)
                return count;
        }

        return count + (to - from + 1);
    }
}
