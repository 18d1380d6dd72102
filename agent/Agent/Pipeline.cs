using ClusterTrail.Agent.Sources;
using ClusterTrail.Contract.Status;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent;

/// <summary>One source's way from lines to sealed batches in the spool: reads, records, and has the committer write it to disk.</summary>
/// <remarks>One thread runs it.</remarks>
sealed partial class Pipeline(SourceContext context, ISource source, IRecorder recorder, Committer committer) : IDisposable
{
    const int LinesAStep = 500;
    const int One = 1;

    // Trouble is met again ever more slowly up to this: a full disk is neither hammered nor filled with log lines.
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    readonly ILogger<Pipeline> logger = context.Loggers.CreateLogger<Pipeline>();
    readonly PipelineStatus status = new(source, context.Time, committer.LastEventBefore);
    readonly RecurringFailure readFailure = new(context.Time);
    readonly RecurringFailure spoolFailure = new(context.Time);
    bool begun;

    /// <summary>Where the pipeline stands; for other threads.</summary>
    public PipelineView View => status.View;

    /// <summary>Reads until it is stopped, then puts the open batch into the spool.</summary>
    /// <param name="logging">Asked at every turn; while it says no, nothing is read.</param>
    public void Run(Func<bool> logging, TimeSpan pollInterval, Action beat, CancellationToken stopping)
    {
        var pause = pollInterval;
        while (!stopping.IsCancellationRequested)
        {
            var didRead = TryTurn(logging());
            beat();
            var isFailing = readFailure.IsOngoing || spoolFailure.IsOngoing;
            pause = isFailing ? TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks)) : pollInterval;
            if (!didRead)
            {
                stopping.WaitHandle.WaitOne(pause);
            }
        }

        if (!TryFinish())
        {
            LogLeftUnread(context.Name);
        }
    }

    /// <summary>Puts what it holds into the spool; what could not be put there is read again next time.</summary>
    public bool TryFinish()
    {
        ReleaseHeld();
        return TryCommit(isDue: true, isLast: true);
    }

    /// <summary>One turn; false when there was nothing to do.</summary>
    public bool TryTurn(bool logging) => logging ? TryStep() : TryStayStopped();

    /// <summary>Reads some lines, and closes the batch when it is due; false when there was nothing to do.</summary>
    public bool TryStep()
    {
        if (committer.IsUnfinished && !TryCommit(isDue: true))
        {
            return false;
        }

        if (!begun && !TryBegin())
        {
            return false;
        }

        if (committer.IsBlocked)
        {
            Watch();
            status.Report(SourceState.Blocked, "The spool is full: the agent stops reading until the sink accepts a batch.");
            return false;
        }

        var didRead = TryReadSome(LinesAStep);
        return TryCommit(committer.IsDue) && didRead;
    }

    public void Dispose()
    {
        committer.Dispose();
        recorder.Dispose();
        source.Dispose();
    }

    // What is held, or a crash left between spool and checkpoint, is handed over; the source stays open where it was read to.
    bool TryStayStopped()
    {
        readFailure.Cleared();
        if (begun)
        {
            ReleaseHeld();
            Watch();
        }

        if (TryCommit(isDue: true) && View.State != SourceState.Stopped)
        {
            status.Report(SourceState.Stopped, "Logging is off: the agent delivers the batches that it holds and reads nothing more.");
        }

        return false;
    }

    // The size of a gap is known only if the file was seen, and remembered only if that is saved: so an open batch is closed for it.
    void Watch()
    {
        if (source.Watch())
        {
            committer.NoteProgress();
            TryCommit(isDue: true);
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
            // The position of a known source is in the checkpoint, so what can be read of it is read.
            begun = committer.IsResumed;
            return begun;
        }

        committer.NoteProgress();
        status.Count = committer.Count;
        begun = TryCommit(isDue: true);
        return begun;
    }

    void ReleaseHeld()
    {
        if (source.IsHolding)
        {
            source.Release();
            TryReadSome(One);
        }
    }

    bool TryReadSome(int most)
    {
        var read = new ReadCounts();
        try
        {
            while (read.Events < most && committer.HasRoom && source.TryRead(out var line))
            {
                Take(line, ref read);
            }

            Count(read);
            status.ReportReading(read.Events > 0);
            readFailure.Cleared();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Count(read);
            NoteReadFailed(e);
            return false;
        }

        return read.Events > 0;
    }

    void Take(SourceLine line, ref ReadCounts read)
    {
        var recorded = recorder.Record(line);
        committer.Add(recorded, line.Start);
        read.Add(recorded, line);
        status.Totals.Note(recorded.EventTime);
    }

    void Count(in ReadCounts read)
    {
        if (read.Events > 0)
        {
            committer.NoteRead(read);
            status.Totals.Add(read);
            status.Count = committer.Count;
            context.Metrics.Read(read.Events, read.Bytes);
            context.Metrics.Selected(read.Selected, read.Aggregated, read.Insights);
            context.Metrics.Oversized(read.Oversized);
            context.Metrics.Truncated(read.Truncated);
            context.Metrics.Unparsable(read.Unparsable);
            recorder.ReportCounts();
        }
    }

    bool TryCommit(bool isDue, bool isLast = false)
    {
        try
        {
            committer.Commit(isDue);
            spoolFailure.Cleared();
            if (committer.IsSaved)
                recorder.NoteSaved(isLast);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            context.Metrics.SpoolWriteFailed();
            status.Report(e is StateFolderLostException ? SourceState.Failed : SourceState.Blocked, e.Message);
            if (spoolFailure.Occurred(e.Message))
            {
                LogSpoolFailed(context.Name, e.Message);
            }

            return false;
        }
    }

    void NoteReadFailed(Exception e)
    {
        context.Metrics.ReadFailed();
        status.Report(SourceState.Failed, e.Message);
        if (readFailure.Occurred(e.Message))
        {
            LogReadFailed(context.Name, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Source}: cannot be read, retrying: {Reason}")]
    partial void LogReadFailed(string source, string reason);

    [LoggerMessage(LogLevel.Error, "{Source}: cannot write to the state directory, retrying: {Reason}")]
    partial void LogSpoolFailed(string source, string reason);

    [LoggerMessage(
        LogLevel.Warning, "{Source}: stopped with events that are not in the spool; the agent reads them again at the next start.")]
    partial void LogLeftUnread(string source);
}
