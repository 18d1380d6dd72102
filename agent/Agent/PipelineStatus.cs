using ClusterTrail.Agent.Sources;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent;

/// <summary>The state of a pipeline: written by its thread, read by others.</summary>
/// <param name="lastEventBefore">When the last event happened that an earlier run read; null if none did.</param>
sealed class PipelineStatus(ISource source, TimeProvider time, DateTimeOffset? lastEventBefore)
{
    static readonly TimeSpan IdleLook = TimeSpan.FromSeconds(1);

    // A rotation leaves the path without a file for a moment.
    static readonly TimeSpan Rotation = TimeSpan.FromSeconds(5);

    long reportedAt;
    long? missingSince;
    SourceState reported;
    volatile PipelineView view = PipelineView.Starting;

    public PipelineTotals Totals { get; } = new(lastEventBefore);

    /// <summary>How many lines were read, by this process and those before it; null before that is known.</summary>
    public LineCount? Count { get; set; }

    public PipelineView View => view;

    public void ReportReading(bool hasRead)
    {
        // An idle pipeline turns ten times a second, and looks at itself once.
        if (hasRead || reported != SourceState.Idle || time.GetElapsedTime(reportedAt) >= IdleLook)
        {
            Report(hasRead ? SourceState.Reading : SourceState.Idle, null);
        }
    }

    public void Report(SourceState state, string? message)
    {
        var at = time.GetUtcNow();
        var now = LookAtSource();
        var (shown, why) = state is SourceState.Reading or SourceState.Idle ? Judge(state, now) : (state, message);
        view = new(shown, why, now, Totals.Snapshot()) { At = at, Count = Count };
        (reported, reportedAt) = (state, time.GetTimestamp());
    }

    // A file that cannot be read is tried every few seconds only; its state does not change in between.
    (SourceState State, string? Message) Judge(SourceState state, SourceView source)
    {
        missingSince = source.Missing is null ? null : missingSince ?? time.GetTimestamp();
        return source switch
        {
            { Trouble: { } trouble } => (SourceState.Failed, trouble),
            { Missing: { } missing } when state == SourceState.Idle =>
                IsWaiting() ? (SourceState.Waiting, missing) : (StateBefore, view.Message),
            _ => (state, source.Notice),
        };
    }

    SourceState StateBefore => view.State is SourceState.Starting ? SourceState.Starting : SourceState.Idle;

    bool IsWaiting() => view.State == SourceState.Waiting || time.GetElapsedTime(missingSince!.Value) >= Rotation;

    SourceView LookAtSource()
    {
        try
        {
            return source.View;
        }
        catch (IOException)
        {
            // If the length of a file cannot be determined, the read that fails reports it.
            return view.Source;
        }
    }
}
