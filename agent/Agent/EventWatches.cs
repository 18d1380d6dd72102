using ClusterTrail.Agent.Detections;
using ClusterTrail.Agent.Execs;

namespace ClusterTrail.Agent;

/// <summary>What sees each event of an API server, whether it is recorded or not; null is what nobody asked for.</summary>
/// <param name="Execs">For processes that an exec starts.</param>
/// <param name="Unusual">Rates, and what is seen first.</param>
/// <param name="Policy">What selectors ask for and the audit policy leaves out.</param>
sealed record EventWatches(ExecLog? Execs = null, SourceInsights? Unusual = null, SourcePolicy? Policy = null)
{
    public static EventWatches None { get; } = new();
}
