using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Agent;

/// <summary>Where a pipeline stands.</summary>
sealed record PipelineView(SourceState State, string? Message, SourceView Source, SourceTotals Totals)
{
    public static PipelineView Starting { get; } =
        new(SourceState.Starting, "The agent has just started.", new(null, null, null, null, 0), default);

    /// <summary>When it stood there.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>How many lines were read, by this process and those before it.</summary>
    public LineCount? Count { get; init; }

    /// <summary>How far it is behind: the age of the last event read, while there is more to read.</summary>
    public SourceLag Lag(DateTimeOffset now) =>
        new(Source.LagBytes > 0 && Totals.LastEventAt is { } last ? Math.Max(0, (now - last).TotalSeconds) : 0, Source.LagBytes);
}
