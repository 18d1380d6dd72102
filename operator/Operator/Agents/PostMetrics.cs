using System.Diagnostics.Metrics;

namespace ClusterTrail.Operator.Agents;

/// <summary>What is counted of what the operator sends to agents.</summary>
sealed class PostMetrics
{
    public const string Labels = "labels of pods";
    public const string Records = "key records";
    public const string Completeness = "what was found of completeness";

    readonly Counter<long> failures;

    public PostMetrics(Meter meter)
    {
        failures = meter.CreateCounter<long>("clustertrail.operator.posts.failures", "{failure}",
            "What the operator could not send to an agent; it tries again at the next poll. Without the labels of pods, agents hold output "
            + "that rules with labels are about; without key records, verifiers do not know an agent's key; without what was found of "
            + "completeness, digests do not say whether events are missing.");
        foreach (var what in (string[])[Labels, Records, Completeness])
            failures.Add(0, new KeyValuePair<string, object?>("what", what));
    }

    public void Failed(string what) => failures.Add(1, new KeyValuePair<string, object?>("what", what));
}
