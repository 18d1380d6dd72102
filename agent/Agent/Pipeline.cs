using ClusterTrail.Agent.Batching;
using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Notifications;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Status;
using ClusterTrail.Rules.Selectors;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent;

/// <summary>One source's way from lines to sealed batches in the spool.</summary>
/// <remarks>
/// Guarantees: the checkpoint moves only when everything before it is in the spool or was not selected, so a crash anywhere
/// repeats nothing and loses nothing. One thread runs it.
/// </remarks>
sealed partial class Pipeline(
    string name,
    ISource source,
    Recovery recovered,
    BatchConfiguration limits,
    ReloadedFile<Selector> selectors,
    Recorder recorder,
    Notifier? notifier,
    Sealer sealer,
    BatchSpool spool,
    CheckpointFile checkpoint,
    Action<SpooledBatch> deliver,
    SourceMetrics metrics,
    TimeProvider time,
    ILogger<Pipeline> logger) : IDisposable
{
    const int LinesAStep = 500;

    // Trouble is met again ever more slowly up to this: a full disk is neither hammered nor filled with log lines.
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    readonly OpenBatch batch = new(limits.GzipLevel, time);
    readonly TimeSpan maxAge = TimeSpan.FromSeconds(limits.MaxAgeSeconds);
    readonly PipelineStanding standing = new(source, time);
    readonly Trouble readTrouble = new(time);
    readonly Trouble spoolTrouble = new(time);
    long sequence = recovered.Start?.NextSequence ?? 1;
    long savedAt = time.GetTimestamp();
    bool unsaved;
    bool begun;
    SealedBatch? sealedBatch;
    SpooledBatch? spooledBatch = recovered.Unconfirmed;

    /// <summary>Where the pipeline stands; for other threads.</summary>
    public PipelineView View => standing.View;

    /// <summary>Reads until it is stopped, then puts the open batch into the spool.</summary>
    /// <param name="logging">Asked at every turn; while it says no, nothing is read.</param>
    public void Run(Func<bool> logging, TimeSpan pollInterval, Action beat, CancellationToken stopping)
    {
        var pause = pollInterval;
        while (!stopping.IsCancellationRequested)
        {
            var didRead = TryTurn(logging());
            beat();
            var isTroubled = readTrouble.Lasts || spoolTrouble.Lasts;
            pause = isTroubled ? TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks)) : pollInterval;
            if (!didRead)
            {
                stopping.WaitHandle.WaitOne(pause);
            }
        }

        if (!TryFinish())
        {
            LogLeftUnread(name);
        }
    }

    /// <summary>Puts what it holds into the spool; what could not be put there is read again next time.</summary>
    public bool TryFinish() => TrySpool(isDue: true);

    /// <summary>One turn; false when there was nothing to do.</summary>
    public bool TryTurn(bool logging) => logging ? TryStep() : TryStayStopped();

    /// <summary>Reads some lines, and closes the batch when it is due; false when there was nothing to do.</summary>
    public bool TryStep()
    {
        if ((sealedBatch is not null || spooledBatch is not null) && !TrySpool(isDue: true))
        {
            return false;
        }

        if (!begun && !TryBegin())
        {
            return false;
        }

        if (spool.IsFull)
        {
            Watch();
            standing.Tell(SourceState.Blocked, "The spool is full: the agent stops reading until the sink accepts a batch.");
            return false;
        }

        var didRead = TryReadSome();
        return TrySpool(batch.IsDue(limits.MaxBytes, maxAge)) && didRead;
    }

    // What is held, or a crash left between spool and checkpoint, is handed over; the source stays open where it was read to.
    bool TryStayStopped()
    {
        readTrouble.Passed();
        if (begun)
        {
            Watch();
        }

        if (TrySpool(isDue: true) && View.State != SourceState.Stopped)
        {
            standing.Tell(SourceState.Stopped, "Logging is off: the agent delivers the batches that it holds and reads nothing more.");
        }

        return false;
    }

    public void Dispose()
    {
        batch.Dispose();
        recorder.Dispose();
        source.Dispose();
    }

    // What goes away unread meanwhile is known by its size only if it was seen, and remembered only if that is saved: an open batch is closed for it.
    void Watch()
    {
        if (source.Watch())
        {
            unsaved = true;
            TrySpool(isDue: true);
        }
    }

    // Where a new source starts is kept before anything is read: a crash before the first batch must not skip what came meanwhile.
    bool TryBegin()
    {
        try
        {
            source.Begin();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            NoteReadFailed(e);
            // Where an old source goes on is known, and what can be read of it is read.
            begun = recovered.Start is not null;
            return begun;
        }

        unsaved = true;
        begun = TrySpool(isDue: true);
        return begun;
    }

    bool TryReadSome()
    {
        var read = new ReadCounts();
        try
        {
            while (read.Events < LinesAStep && batch.RecordBytes < limits.MaxBytes && source.TryRead(out var line))
            {
                Record(line, ref read);
            }

            Count(read);
            standing.TellReading(read.Events > 0);
            readTrouble.Passed();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Count(read);
            NoteReadFailed(e);
            return false;
        }

        return read.Events > 0;
    }

    void Record(SourceLine line, ref ReadCounts read)
    {
        var recorded = recorder.Make(line, selectors.Current, out var eventTime);
        if (recorded != Recorded.NotSelected)
        {
            batch.Add(recorder.Record, line.Start, eventTime);
        }

        for (var at = 0; at < recorder.Insights.Count; at++)
        {
            batch.Add(recorder.Insights[at].Record, line.Start, eventTime);
            notifier?.Add(recorder.Insights[at]);
        }

        read.Add(recorded, line.Oversized?.Bytes ?? (line.Text.Length + line.Nuls), recorder.Insights.Count);
        standing.Totals.Note(eventTime);
    }

    void Count(in ReadCounts read)
    {
        if (read.Events > 0)
        {
            unsaved = true;
            standing.Totals.Add(read);
            metrics.Read(read.Events, read.Bytes);
            metrics.Selected(read.Selected, read.Insights);
            metrics.Oversized(read.Oversized);
            metrics.Unparsable(read.Unparsable);
            recorder.TellCounts();
        }
    }

    bool TrySpool(bool isDue)
    {
        try
        {
            // Before the checkpoint moves beyond what is to be told.
            notifier?.Spool();
            if (spooledBatch is not null || (isDue && !batch.IsEmpty))
            {
                Spool();
            }
            else if (batch.IsEmpty && unsaved && (isDue || time.GetElapsedTime(savedAt) >= maxAge))
            {
                // Nothing was selected for a while: the checkpoint moves all the same, so that a restart does not read it all again.
                Save(source.TakeProgress());
            }

            spoolTrouble.Passed();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            metrics.SpoolWriteFailed();
            standing.Tell(e is StateFolderLostException ? SourceState.Failed : SourceState.Blocked, e.Message);
            if (spoolTrouble.Met(e.Message))
            {
                LogSpoolFailed(name, e.Message);
            }

            return false;
        }
    }

    void NoteReadFailed(Exception e)
    {
        metrics.ReadFailed();
        standing.Tell(SourceState.Failed, e.Message);
        if (readTrouble.Met(e.Message))
        {
            LogReadFailed(name, e.Message);
        }
    }

    // Each step is done once, however often a later one fails: sealing again would give the batch another name.
    void Spool()
    {
        spooledBatch ??= Spool(sealedBatch ??= sealer.Seal(batch, name, sequence, source.TakeProgress()));
        // The spooled batch is a checkpoint by itself; this one outlives its delivery, so it comes first.
        checkpoint.Save(sealedBatch is null ? recovered.Start! : new(spooledBatch.Sequence + 1, sealedBatch.End));
        deliver(spooledBatch);

        sequence = spooledBatch.Sequence + 1;
        (sealedBatch, spooledBatch) = (null, null);
        batch.Clear();
        (savedAt, unsaved) = (time.GetTimestamp(), false);
    }

    SpooledBatch Spool(SealedBatch closed)
    {
        var added = spool.Add(closed.Header, closed.Content, closed.End);
        LogSealed(name, closed.Header.Name, closed.Header.Events, closed.Content.Length);
        return added;
    }

    void Save(SourceProgress progress)
    {
        checkpoint.Save(new(sequence, progress));
        (savedAt, unsaved) = (time.GetTimestamp(), false);
    }

    [LoggerMessage(LogLevel.Information, "{Source}: sealed {Batch}: {Events} records, {Bytes} bytes.")]
    partial void LogSealed(string source, string batch, int events, long bytes);

    [LoggerMessage(LogLevel.Warning, "{Source}: cannot be read, retrying: {Reason}")]
    partial void LogReadFailed(string source, string reason);

    [LoggerMessage(LogLevel.Error, "{Source}: cannot write to the state directory, retrying: {Reason}")]
    partial void LogSpoolFailed(string source, string reason);

    [LoggerMessage(LogLevel.Warning, "{Source}: stopped with events that are not in the spool; the agent reads them again at the next start.")]
    partial void LogLeftUnread(string source);
}
