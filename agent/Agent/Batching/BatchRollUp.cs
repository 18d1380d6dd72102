using ClusterTrail.Agent.Records;
using ClusterTrail.Rules.Aggregates;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Batching;

/// <summary>Counts events of the open batch that have no records of their own; when it closes, each row becomes a record.</summary>
/// <remarks>
/// Guarantees: a count is of events of one batch, so the batch's progress is that of the count: both are on disk, or neither is and the
/// same lines are read again.
/// </remarks>
sealed class BatchRollUp(Origin origin) : IDisposable
{
    readonly RollUp rollUp = new();
    readonly AggregateRecordWriter writer = new(origin);
    // Made when there is something to write: most sources count nothing.
    RecordBuffer? record;

    /// <summary>Whether the next event may have no room.</summary>
    public bool IsFull => rollUp.IsFull;

    /// <summary>How many bytes the records will have, about.</summary>
    public long RecordBytes => rollUp.RecordBytes;

    public void Add(in AggregateKey key, Position position, OpenBatch batch, ReadOnlySpan<byte> eventTime)
    {
        batch.Note(position, eventTime);
        rollUp.Add(key, position);
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
        return rows;
    }

    public void Dispose() => record?.Dispose();
}
