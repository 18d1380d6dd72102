namespace ClusterTrail.Agent.Telemetry;

/// <summary>What happens to the events of one source, counted. No method allocates.</summary>
sealed class SourceMetrics
{
    readonly SourceInstruments instruments;
    readonly KeyValuePair<string, object?> tag;

    public SourceMetrics(SourceInstruments counters, string source)
    {
        (instruments, tag) = (counters, new("source", source));
        // Born at 0, so that rate() sees the first increase, and absent() an agent that is not there.
        foreach (var counter in counters.All)
            counter.Add(0, tag);
    }

    public void Read(int events, long bytes)
    {
        instruments.ReadEvents.Add(events, tag);
        instruments.ReadBytes.Add(bytes, tag);
    }

    /// <param name="events">What the selectors kept.</param>
    /// <param name="aggregated">What they kept as a part of counts.</param>
    /// <param name="insights">The records that findings made beside them.</param>
    public void Selected(int events, int aggregated, int insights)
    {
        instruments.AggregatedEvents.Add(aggregated, tag);
        instruments.SelectedEvents.Add(events, tag);
        instruments.InsightRecords.Add(insights, tag);
    }

    /// <summary>Counts became records of a batch.</summary>
    public void RolledUp(int records) => instruments.AggregateRecords.Add(records, tag);

    /// <summary>The sink has confirmed a batch.</summary>
    public void Delivered(int events, long bytes)
    {
        instruments.DeliveredBatches.Add(1, tag);
        instruments.DeliveredEvents.Add(events, tag);
        instruments.DeliveredBytes.Add(bytes, tag);
    }

    public void Oversized(int events) => instruments.OversizedEvents.Add(events, tag);

    public void Truncated(int events) => instruments.TruncatedEvents.Add(events, tag);

    public void Unparsable(int events) => instruments.UnparsableEvents.Add(events, tag);

    public void Unlabelled(int records) => instruments.UnlabelledRecords.Add(records, tag);

    /// <param name="bytes">The known size of the gap; 0 if the size is unknown.</param>
    public void Gap(long bytes)
    {
        instruments.Gaps.Add(1, tag);
        instruments.GapBytes.Add(bytes, tag);
    }

    public void ReadFailed() => instruments.Errors.Add(1, tag);

    public void Quarantined() => instruments.Quarantined.Add(1, tag);

    public void SpoolWriteFailed() => instruments.SpoolWriteErrors.Add(1, tag);
}
