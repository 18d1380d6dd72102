using System.Diagnostics.Metrics;

namespace ClusterTrail.Agent.Telemetry;

/// <summary>The counters that every source has.</summary>
sealed class SourceInstruments(Meter meter)
{
    public Counter<long> ReadEvents { get; } = meter.CreateCounter<long>("clustertrail.source.read_events", "{event}",
        "Events read from the source, before selection. No increase while kube-apiserver works: auditing is off, or the path is wrong.");

    public Counter<long> ReadBytes { get; } = meter.CreateCounter<long>("clustertrail.source.read_bytes", "By",
        "Bytes read from the source, before selection.");

    public Counter<long> SelectedEvents { get; } = meter.CreateCounter<long>("clustertrail.selected_events", "{event}",
        "Events that the selectors keep, and lines that are not audit events. "
        + "A sudden drop below the events read means that a selector changed.");

    public Counter<long> AggregatedEvents { get; } = meter.CreateCounter<long>("clustertrail.aggregated_events", "{event}",
        "Events that the selectors keep as a part of a count, and not as records of their own.");

    public Counter<long> AggregateRecords { get; } = meter.CreateCounter<long>("clustertrail.aggregate_records", "{record}",
        "Records of counts, written when batches close. As many as aggregated events: the events have too little in common to be counted.");

    public Counter<long> InsightRecords { get; } = meter.CreateCounter<long>("clustertrail.insight_records", "{record}",
        "Records of findings. Together with the selected events and the records of counts they are what the agent delivers.");

    public Counter<long> DeliveredEvents { get; } = meter.CreateCounter<long>("clustertrail.delivered_events", "{event}",
        "Records that the sink has confirmed: selected events, findings and counts. The others wait in the open batch or in the spool.");

    public Counter<long> DeliveredBytes { get; } = meter.CreateCounter<long>("clustertrail.delivered_bytes", "By",
        "Bytes that the sink has confirmed, compressed and encrypted: the size that the store charges for.");

    public Counter<long> DeliveredBatches { get; } = meter.CreateCounter<long>("clustertrail.delivered_batches", "{batch}",
        "Batches that the sink has confirmed. Each is one object.");

    public Counter<long> OversizedEvents { get; } = meter.CreateCounter<long>("clustertrail.oversized_events", "{event}",
        "Lines longer than maxEventBytes. Of an event the record has what fits, and hash and size of the whole line.");

    public Counter<long> TruncatedEvents { get; } = meter.CreateCounter<long>("clustertrail.truncated_events", "{event}",
        "Events that are too long, nested too deep or not UTF-8, and were recorded without a part of them. "
        + "Usually somebody wants to hide something.");

    public Counter<long> UnparsableEvents { get; } = meter.CreateCounter<long>("clustertrail.unparsable_events", "{event}",
        "Lines that are not audit events. They are archived as they are. An increase means that another program writes to the log.");

    public Counter<long> UnlabelledRecords { get; } = meter.CreateCounter<long>("clustertrail.unlabelled_records", "{record}",
        "Records without labels for which spec.enrichment asks, because the agent did not know the namespace or the pod yet. "
        + "A steady increase means that the operator cannot send labels.");

    public Counter<long> Gaps { get; } = meter.CreateCounter<long>("clustertrail.source.gaps", "{gap}",
        "Gaps: parts of the log that disappeared before they were read, by rotation or truncation. Any increase is lost history.");

    public Counter<long> GapBytes { get; } = meter.CreateCounter<long>("clustertrail.source.gap_bytes", "By",
        "Bytes of the log that disappeared before they were read. Does not include gaps of unknown size.");

    public Counter<long> Errors { get; } = meter.CreateCounter<long>("clustertrail.source.errors", "{error}",
        "Failed attempts to read the source. The agent retries. A steady increase means that nothing is recorded.");

    public Counter<long> Quarantined { get; } = meter.CreateCounter<long>("clustertrail.spool.quarantined", "{batch}",
        "Batches that were damaged in the spool and moved to quarantine. Any increase may be lost history: check the disk.");

    public Counter<long> SpoolWriteErrors { get; } = meter.CreateCounter<long>("clustertrail.spool.write_errors", "{error}",
        "Failed attempts to write a batch to local disk. The agent retries, and reads nothing meanwhile: free space or repair the disk.");

    public IEnumerable<Counter<long>> All =>
    [
        ReadEvents, ReadBytes, SelectedEvents, AggregatedEvents, AggregateRecords, InsightRecords, DeliveredEvents, DeliveredBytes,
        DeliveredBatches, OversizedEvents, TruncatedEvents, UnparsableEvents, UnlabelledRecords, Gaps, GapBytes, Errors,
        Quarantined, SpoolWriteErrors,
    ];
}
