using System.Text;
using ClusterTrail.Agent.Sources.Journal;

namespace ClusterTrail.Agent.Sources.Feeds;

/// <summary>Puts groups of lines into a journal, and waits while that is full.</summary>
/// <param name="stored">Called with what is new in it.</param>
sealed class FeedGroups(EventJournal journal, Action<FeedCounts> stored, TimeProvider time)
{
    static readonly TimeSpan AgainAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>The name of a part of something, which it has whenever it is read.</summary>
    public static GroupKey KeyOf(int part, params ReadOnlySpan<string> names) => GroupKey.Of(Encoding.UTF8.GetBytes(
        $"clustertrail feed {FeedReader.Version}\0{string.Join('\0', names)}\0{part}"));

    /// <summary>Ends when the lines are on disk for good, this time or before.</summary>
    public async Task StoreAsync(GroupKey key, FeedLines lines, CancellationToken cancellationToken)
    {
        if (lines.Written.IsEmpty)
        {
            stored(lines.Counts);
            return;
        }

        while (true)
        {
            // Without cancellation: the journal reads the lines until it has answered.
            var answer = await journal.AppendAsync(key, lines.Written);
            if (answer == JournalAnswer.Stored)
                stored(lines.Counts);
            if (answer is JournalAnswer.Stored or JournalAnswer.Known)
                return;
            await Task.Delay(AgainAfter, time, cancellationToken);
        }
    }
}
