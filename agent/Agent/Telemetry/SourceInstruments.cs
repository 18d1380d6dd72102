using System.Diagnostics.Metrics;

namespace ClusterTrail.Agent.Telemetry;

/// <summary>The counters that every source has.</summary>
sealed class SourceInstruments(Meter meter)
{
    public Counter<long> ReadEvents { get; } = meter.CreateCounter<long>("clustertrail.source.read_events", "{event}",
        "Events read from the source, before selection. No increase while the API server works: auditing is off, or the path is wrong.");

    public Counter<long> ReadBytes { get; } = meter.CreateCounter<long>("clustertrail.source.read_bytes", "By",
        "Bytes read from the source, before selection.");

    public Counter<long> SelectedEvents { get; } = meter.CreateCounter<long>("clustertrail.selected_events", "{event}",
        "Events that the selectors keep, and lines that are no audit events. "
        + "A sudden fall below read events means that a selector changed.");

    public Counter<long> InsightRecords { get; } = meter.CreateCounter<long>("clustertrail.insight_records", "{record}",
        "Records that findings of detections made, beside those of events. With selected events they are what is to be delivered.");

    public Counter<long> DeliveredEvents { get; } = meter.CreateCounter<long>("clustertrail.delivered_events", "{event}",
        "Records that the sink has confirmed: selected events and records of findings. The rest waits in the open batch or in the spool.");

    public Counter<long> DeliveredBytes { get; } = meter.CreateCounter<long>("clustertrail.delivered_bytes", "By",
        "Bytes that the sink has confirmed, compressed and encrypted: what storage is paid for.");

    public Counter<long> DeliveredBatches { get; } = meter.CreateCounter<long>("clustertrail.delivered_batches", "{batch}",
        "Batches that the sink has confirmed: one object each.");

    public Counter<long> OversizedEvents { get; } = meter.CreateCounter<long>("clustertrail.oversized_events", "{event}",
        "Events longer than maxEventBytes, of which hash, size and head are archived. An increase means incomplete history.");

    public Counter<long> UnparsableEvents { get; } = meter.CreateCounter<long>("clustertrail.unparsable_events", "{event}",
        "Lines that are no audit events; they are archived as they are. An increase means that something else writes to the log.");

    public Counter<long> Gaps { get; } = meter.CreateCounter<long>("clustertrail.source.gaps", "{gap}",
        "Times that events went away unread: a log was rotated out of existence or truncated. Any increase is lost history.");

    public Counter<long> GapBytes { get; } = meter.CreateCounter<long>("clustertrail.source.gap_bytes", "By",
        "Bytes known to have gone away unread. A gap of unknown size adds nothing here.");

    public Counter<long> Errors { get; } = meter.CreateCounter<long>("clustertrail.source.errors", "{error}",
        "Failed attempts to read the source. They are repeated; a steady increase means that nothing is recorded.");

    public Counter<long> Quarantined { get; } = meter.CreateCounter<long>("clustertrail.spool.quarantined", "{batch}",
        "Spooled batches found damaged on local disk and set aside. Any increase is history that needs a person: look at the disk.");

    public Counter<long> SpoolWriteErrors { get; } = meter.CreateCounter<long>("clustertrail.spool.write_errors", "{error}",
        "Batches that could not be written to local disk. They are repeated, and reading waits: free space or repair the disk.");

    public IEnumerable<Counter<long>> All =>
    [
        ReadEvents, ReadBytes, SelectedEvents, InsightRecords, DeliveredEvents, DeliveredBytes, DeliveredBatches, OversizedEvents,
        UnparsableEvents, Gaps, GapBytes, Errors, Quarantined, SpoolWriteErrors,
    ];
}
