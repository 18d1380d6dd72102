using ClusterTrail.Agent.Detections;
using ClusterTrail.Rules.Aggregates;

namespace ClusterTrail.Agent;

/// <summary>What one line became. Valid until the next line.</summary>
/// <param name="outcome">What became of it.</param>
/// <param name="record">Its own record; nothing when it was not selected, or is aggregated.</param>
/// <param name="eventTime">When it happened, as the event writes it; empty when the line has no time.</param>
/// <param name="insights">The findings that it completed.</param>
readonly ref struct RecordedLine(
    Recorded outcome, ReadOnlySpan<byte> record, ReadOnlySpan<byte> eventTime = default, IReadOnlyList<Insight>? insights = null,
    bool isTruncated = false)
{
    public Recorded Outcome => outcome;

    public ReadOnlySpan<byte> Record { get; } = record;

    public ReadOnlySpan<byte> EventTime { get; } = eventTime;

    /// <summary>Whether a part of the event was cut out.</summary>
    public bool IsTruncated => isTruncated;

    /// <summary>What an aggregated event is counted by.</summary>
    public AggregateKey Key { get; init; }

    public IReadOnlyList<Insight> Insights { get; } = insights ?? [];
}
