using System.Diagnostics.Metrics;

namespace ClusterTrail.Agent.Telemetry;

/// <summary>The instruments that every sink has.</summary>
sealed class SinkInstruments(Meter meter)
{
    public Counter<long> UploadErrors { get; } = meter.CreateCounter<long>("clustertrail.upload_errors", "{error}",
        "Uploads that the sink did not confirm, by error code. The agent retries. No event is lost before the spool is full.");

    // Up to a minute, the default timeout, and beyond it for longer timeouts.
    public Histogram<double> UploadDuration { get; } = meter.CreateHistogram("clustertrail.upload.duration", "s",
        "Duration of an attempt to upload a batch, by outcome.", tags: null, new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
        });
}
