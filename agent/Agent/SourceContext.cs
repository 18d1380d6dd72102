using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent;

/// <summary>What everything that works for one source shares.</summary>
/// <param name="Name">The source's name.</param>
/// <param name="Limits">When a batch closes, and how it is compressed.</param>
sealed record SourceContext(string Name, BatchConfiguration Limits, SourceMetrics Metrics, TimeProvider Time, ILoggerFactory Loggers)
{
    /// <summary>The labels that its records get; null for none.</summary>
    public RecordTags? Tags { get; init; }
}
