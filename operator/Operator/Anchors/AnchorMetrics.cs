using System.Diagnostics.Metrics;

namespace ClusterTrail.Operator.Anchors;

/// <summary>Counts anchors.</summary>
sealed class AnchorMetrics
{
    readonly Counter<long> written;
    readonly Counter<long> errors;

    public AnchorMetrics(Meter meter)
    {
        written = meter.CreateCounter<long>("clustertrail.operator.anchors.written", "{anchor}",
            "Heads of chains of digests that the operator wrote into the bucket of a Trail's spec.integrity.anchor.");
        errors = meter.CreateCounter<long>("clustertrail.operator.anchors.errors", "{error}",
            "Attempts to write one that failed. AnchorAhead: what is there is further than what the operator knows.");
        written.Add(0);
        errors.Add(0, new KeyValuePair<string, object?>("code", "AnchorAhead"));
    }

    public void Written() => written.Add(1);

    public void Failed(string code) => errors.Add(1, new KeyValuePair<string, object?>("code", code));
}
