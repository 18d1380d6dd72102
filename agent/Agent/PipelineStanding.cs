using ClusterTrail.Agent.Sources;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent;

/// <summary>Where a pipeline stands: told by its thread, looked at by others.</summary>
sealed class PipelineStanding(ISource source, TimeProvider time)
{
    static readonly TimeSpan IdleLook = TimeSpan.FromSeconds(1);

    long toldAt;
    volatile PipelineView view = PipelineView.Starting;

    public PipelineTotals Totals { get; } = new();

    public PipelineView View => view;

    public void TellReading(bool hasRead)
    {
        // An idle pipeline turns ten times a second, and looks at itself once.
        if (hasRead || view.State != SourceState.Idle || time.GetElapsedTime(toldAt) >= IdleLook)
        {
            Tell(hasRead ? SourceState.Reading : SourceState.Idle, null);
        }
    }

    public void Tell(SourceState state, string? message)
    {
        var now = LookAtSource();
        view = new(state == SourceState.Idle && !now.Exists ? SourceState.Waiting : state, message, now, Totals.Snapshot());
        toldAt = time.GetTimestamp();
    }

    SourceView LookAtSource()
    {
        try
        {
            return source.View;
        }
        catch (IOException)
        {
            // A file that cannot be asked for its length is told of where it is read.
            return view.Source;
        }
    }
}
