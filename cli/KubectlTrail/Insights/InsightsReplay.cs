using System.Buffers.Text;
using ClusterTrail.History.Reading;
using ClusterTrail.History.Search;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Insights;

namespace ClusterTrail.Kubectl.Insights;

/// <summary>Looks at the events of an archive in the order of time, those of each agent by themselves.</summary>
/// <param name="from">What was before it is learnt, and not reported; null reports all.</param>
sealed class InsightsReplay(IHistory history, ISearchObserver observer, DateTimeOffset? from)
{
    readonly Dictionary<(string Cluster, string Trail, string Node), ReplayedSource> sources = [];
    readonly JsonIndex index = new();

    internal IReadOnlyCollection<ReplayedSource> Sources => sources.Values;

    /// <summary>How many events the archive has only the number of.</summary>
    internal long Counted { get; private set; }

    internal async Task RunAsync(
        ObjectScope scope, TimeRange range, Action<ReplayedInsight> report, CancellationToken cancellationToken)
    {
        // Findings repeat the event that made them.
        var test = new RecordTest.OfTexts(["Management", "Data", "Aggregate"], static (in record) => record.Category);
        var spans = await history.ListAsync(scope, observer.Report, cancellationToken);
        var search = new HistorySearch(history, new(range, test, IsNewestFirst: false), observer);
        await foreach (var record in search.RunAsync(spans, cancellationToken))
        {
            foreach (var insight in Take(record))
            {
                if (from is null || record.Time >= from)
                    report(insight);
            }
        }
    }

    IEnumerable<ReplayedInsight> Take(FoundRecord found)
    {
        if (!RecordView.TryRead(found.Line, index, out var record))
            return [];
        if (record.Aggregate > 0)
        {
            Counted += Utf8Parser.TryParse(record.TextAt(record.Aggregate, "count"u8), out long count, out _) ? Math.Max(count, 0) : 0;
            return [];
        }

        var key = (Text(record, "clusterName"u8), Text(record, "trail"u8), Text(record, "nodeName"u8));
        if (!sources.TryGetValue(key, out var source))
            sources[key] = source = new(key.Item1, key.Item2, key.Item3);
        return source.Take(record, found.Time);
    }

    static string Text(in RecordView record, ReadOnlySpan<byte> name) => EventText.Of(record.Member(name));
}
