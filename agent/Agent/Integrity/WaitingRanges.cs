using ClusterTrail.Archive.Digests;

namespace ClusterTrail.Agent.Integrity;

/// <summary>What the sink has not confirmed yet, as ranges of numbers: few of them, whatever an outage leaves.</summary>
static class WaitingRanges
{
    /// <summary>How many ranges of a source are listed; the last one then has no end.</summary>
    public const int Most = 100;

    /// <param name="waiting">Sources and numbers of batches.</param>
    /// <param name="marks">Up to where the batches of each source are named; others are not listed.</param>
    public static IReadOnlyList<WaitingBatches> OfBatches(
        IEnumerable<(string Source, long Sequence)> waiting, IReadOnlyDictionary<string, SourceMark> marks) =>
    [
        .. from batch in waiting
           where marks.TryGetValue(batch.Source, out var mark) && batch.Sequence < mark.NextSequence
           group batch.Sequence by batch.Source into source
           orderby source.Key
           from range in Of(source)
           select new WaitingBatches(source.Key, range.From, range.To),
    ];

    public static IReadOnlyList<WaitingDigests> OfDigests(IEnumerable<long> waiting) =>
        [.. Of(waiting).Select(range => new WaitingDigests(range.From, range.To))];

    static IEnumerable<(long From, long? To)> Of(IEnumerable<long> numbers)
    {
        List<(long From, long To)> ranges = [];
        foreach (var number in numbers.Order().Distinct())
        {
            if (ranges.Count > 0 && ranges[^1].To == number - 1)
            {
                ranges[^1] = (ranges[^1].From, number);
            }
            else
            {
                ranges.Add((number, number));
            }
        }

        return ranges.Take(Most).Select((range, at) => (range.From, at == Most - 1 && ranges.Count > Most ? (long?)null : range.To));
    }
}
