using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Spool;

namespace ClusterTrail.Agent.Telemetry;

/// <summary>Counts deliveries to the archive, by sink and by source; digests have no source.</summary>
sealed class ArchiveMeter(SinkMetrics sink, Func<string, SourceMetrics> source, DigestMetrics digests) : IDeliveryMeter
{
    public void Delivered(SpoolHeader batch, long bytes, TimeSpan duration)
    {
        sink.Delivered(duration);
        if (!SpooledBatch.IsDigest(batch.Source))
        {
            source(batch.Source).Delivered(batch.Events, bytes);
        }
    }

    public void Failed(TimeSpan duration, string code) => sink.Failed(duration, code);

    public void Quarantined(string name)
    {
        if (SpooledBatch.IsDigest(name))
        {
            digests.Failed();
        }
        else
        {
            source(name).Quarantined();
        }
    }
}
