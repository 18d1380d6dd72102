using System.Diagnostics.Metrics;

namespace ClusterTrail.Agent.Telemetry;

/// <summary>Counts digests.</summary>
sealed class DigestMetrics
{
    readonly Counter<long> sealedDigests;
    readonly Counter<long> errors;
    long lastMilliseconds;

    public DigestMetrics(Meter meter)
    {
        sealedDigests = meter.CreateCounter<long>("clustertrail.digests.sealed", "{digest}",
            "Digests that the agent sealed: signed lists of what the archive must contain.");
        errors = meter.CreateCounter<long>("clustertrail.digest_errors", "{error}",
            "Attempts to seal a digest that failed, and digests that were damaged on the node's disk. See integrity.problem in /status.");
        meter.CreateObservableGauge("clustertrail.digest.last_timestamp_seconds", Last, "s",
            "Time when the agent last sealed a digest, in seconds since 1970. Missing until it has sealed one.");
        sealedDigests.Add(0);
        errors.Add(0);
    }

    public void Sealed(DateTimeOffset until)
    {
        Interlocked.Exchange(ref lastMilliseconds, until.ToUnixTimeMilliseconds());
        sealedDigests.Add(1);
    }

    public void Failed() => errors.Add(1);

    IEnumerable<Measurement<double>> Last() =>
        Interlocked.Read(ref lastMilliseconds) is > 0 and var last ? [new(last / 1000.0)] : [];
}
