using ClusterTrail.Agent.Records;
using ClusterTrail.Rules.Aggregates;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Batching;

/// <summary>Counts events of the open batch that have no records of their own; when it closes, each row becomes a record.</summary>
/// <remarks>
/// Guarantees: a count is of events of one batch, so the batch's progress is that of the count: both are on disk, or neither is and the
/// same lines are read again.
/// </remarks>
/// <param name="tags">The labels that records get; null for none.</param>
sealed class BatchRollUp(Origin origin, RecordTags? tags = null) : IDisposable
{
    readonly RollUp rollUp = new();
    readonly AggregateRecordWriter writer = new(origin, tags);
    // Made when there is something to write: most sources count nothing.
    RecordBuffer? record;
    long labelBytes;

    /// <summary>Whether the next event may have no room.</summary>
    public bool IsFull => rollUp.IsFull;

    /// <summary>How many bytes the records will have, about.</summary>
    public long RecordBytes => rollUp.RecordBytes + labelBytes;

    public void Add(in AggregateKey key, Position position, OpenBatch batch, ReadOnlySpan<byte> eventTime)
    {
        batch.Note(position, eventTime);
        var rows = rollUp.Count;
        rollUp.Add(key, position);
        if (rollUp.Count > rows)
            labelBytes += RecordTags.LengthIn(tags, rollUp[rows][AggregatePart.Namespace]);
    }

    /// <summary>Adds the records to the batch that is about to be closed, and starts over.</summary>
    /// <returns>How many there were.</returns>
    public int MoveTo(OpenBatch batch)
    {
        var rows = rollUp.Count;
        for (var at = 0; at < rows; at++)
        {
            record ??= new();
            writer.Write(rollUp[at], record);
            batch.AddNoted(record.Written);
        }

        rollUp.Clear();
        labelBytes = 0;
        tags?.ReportCounts();
        return rows;
    }

    public void Dispose() => record?.Dispose();
}
