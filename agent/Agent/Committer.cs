using ClusterTrail.Agent.Batching;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Rules.Events;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent;

/// <summary>Writes what was read of one source to disk: seals the batch, spools it, and moves the checkpoint.</summary>
/// <remarks>
/// Guarantees: the checkpoint moves only when everything before it is in the spool or was not selected, so a crash anywhere
/// repeats nothing and loses nothing. Each step is done once, however often a later one fails.
/// </remarks>
sealed partial class Committer(SourceContext context, ISource source, Recovery recovered, SourceOutput output) : IDisposable
{
    readonly OpenBatch batch = new(context.Limits.Compression, context.Time);
    readonly BatchRollUp rollUp = new(output.Sealer.Origin, context.Tags);
    readonly BatchLimits limits = new(context.Limits);
    // Its steps are the pipeline's in the log.
    readonly ILogger<Pipeline> logger = context.Loggers.CreateLogger<Pipeline>();
    long sequence = recovered.Start?.NextSequence ?? 1;
    LineCount count = recovered.Start?.Progress.Count ?? new(0, context.Time.GetUtcNow());
    long savedAt = context.Time.GetTimestamp();
    bool unsaved;
    SealedBatch? sealedBatch;
    SpooledBatch? spooledBatch = recovered.Unconfirmed;

    /// <summary>How many lines were read, by this process and those before it.</summary>
    public LineCount Count => count;

    /// <summary>When the last event happened that an earlier run read; null if none did, or nobody knows.</summary>
    public DateTimeOffset? LastEventBefore => recovered.Start?.Progress.Files.Max(file => file.LastEvent);

    /// <summary>Whether an earlier run left a position at which the source continues.</summary>
    public bool IsResumed => recovered.Start is not null;

    /// <summary>Whether a batch was closed, or left by a crash, that is not committed yet; nothing may be added before it is.</summary>
    public bool IsUnfinished => sealedBatch is not null || spooledBatch is not null;

    /// <summary>Whether nothing is left to be written.</summary>
    public bool IsSaved => !unsaved && batch.IsEmpty && !IsUnfinished;

    /// <summary>Whether the spool is full.</summary>
    public bool IsBlocked => output.Batches.Spool.IsFull;

    /// <summary>Whether the open batch takes another line.</summary>
    public bool HasRoom => batch.RecordBytes + rollUp.RecordBytes < context.Limits.MaxBytes && !rollUp.IsFull;

    /// <summary>Whether the open batch must close.</summary>
    public bool IsDue => rollUp.IsFull || batch.IsDue(limits, rollUp.RecordBytes);

    /// <summary>Adds what a line became to the open batch, and its findings to those to be notified.</summary>
    public void Add(in RecordedLine line, Position start)
    {
        if (line.Outcome == Recorded.Aggregated)
        {
            rollUp.Add(line.Key, start, batch, line.EventTime);
        }
        else if (line.Outcome != Recorded.NotSelected)
        {
            batch.Add(line.Record, start, line.EventTime);
        }

        for (var at = 0; at < line.Insights.Count; at++)
        {
            batch.Add(line.Insights[at].Record, start, line.EventTime);
            batch.NoteFinding();
            output.Notifier?.Add(line.Insights[at]);
        }
    }

    /// <summary>Notes that the source's progress is no longer what the checkpoint says.</summary>
    public void NoteProgress() => unsaved = true;

    /// <summary>Notes what was read since.</summary>
    public void NoteRead(in ReadCounts read)
    {
        NoteProgress();
        count = count with { Lines = count.Lines + read.Counted };
        output.Ledger.NoteRead(read.Events, read.Truncated, read.Oversized, read.Unparsable);
    }

    /// <summary>Writes to disk what is due.</summary>
    /// <param name="isDue">Whether all is, and not only what waits for long.</param>
    /// <exception cref="IOException">It is not there; try again.</exception>
    public void Commit(bool isDue)
    {
        // Before the checkpoint moves beyond the events of the findings.
        output.Notifier?.Spool();
        if (source.IsHolding && !IsUnfinished)
        {
            return;
        }

        if (spooledBatch is not null || (isDue && !batch.IsEmpty))
        {
            CommitBatch();
        }
        else if (batch.IsEmpty && unsaved && (isDue || context.Time.GetElapsedTime(savedAt) >= limits.MaxAge))
        {
            // Nothing was selected for a while: the checkpoint moves anyway, so that a restart does not read all of it again.
            output.Ledger.Pass();
            Save(new(sequence, Progress()));
        }
    }

    public void Dispose()
    {
        batch.Dispose();
        rollUp.Dispose();
    }

    SourceProgress Progress() => source.TakeProgress() with { Count = count };

    // Sealing again would give the batch another name.
    void CommitBatch()
    {
        spooledBatch ??= Spool(sealedBatch ??= Seal());
        // Before the checkpoint, so that a digest names it whatever crashes when; a batch of an earlier run was noted at the start.
        if (sealedBatch is not null)
        {
            output.Ledger.Seal(sealedBatch.Header, sealedBatch.Content.Length);
        }

        // The spooled batch is a checkpoint by itself; this one outlives its delivery, so it comes first.
        Save(sealedBatch is null ? recovered.Start! : new(spooledBatch.Sequence + 1, sealedBatch.End));
        output.Batches.Deliver(spooledBatch);

        sequence = spooledBatch.Sequence + 1;
        (sealedBatch, spooledBatch) = (null, null);
        batch.Clear();
    }

    SealedBatch Seal()
    {
        context.Metrics.RolledUp(rollUp.MoveTo(batch));
        return output.Sealer.Seal(batch, context.Name, sequence, Progress());
    }

    SpooledBatch Spool(SealedBatch closed)
    {
        var added = output.Batches.Spool.Add(closed.Header, closed.Content, closed.End);
        LogSealed(context.Name, closed.Header.Name, closed.Header.Events, closed.Content.Length);
        return added;
    }

    void Save(Checkpoint checkpoint)
    {
        output.Checkpoint.Save(checkpoint);
        source.NoteSaved(checkpoint.Progress);
        (savedAt, unsaved) = (context.Time.GetTimestamp(), false);
    }

    [LoggerMessage(LogLevel.Information, "{Source}: sealed {Batch}: {Events} records, {Bytes} bytes.")]
    partial void LogSealed(string source, string batch, int events, long bytes);
}
