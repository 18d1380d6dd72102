using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Contract.Status;
using ClusterTrail.Rules.Detections;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent.Detections;

/// <summary>The agent's detections: the active rules, and their findings.</summary>
sealed class DetectionEngine
{
    readonly Origin origin;
    readonly FindingLog log;
    readonly ReloadedFile<DetectionSet> rules;

    /// <param name="path">The detections file.</param>
    /// <exception cref="ConfigurationException">It cannot be used.</exception>
    public DetectionEngine(string path, Origin origin, DetectionMetrics metrics, TimeProvider time, ILogger logger)
    {
        this.origin = origin;
        log = new(metrics, time, logger);
        metrics.Watch(() => log.LastFindings);
        rules = new(path, DetectionSet.Empty, Read, accepted => metrics.Reloaded(accepted), time, logger);

        DetectionSet Read(string file, ReadOnlyMemory<byte> json)
        {
            var set = new DetectionSet(Contracts.ParseDetections(file, json).Effective());
            metrics.Declare(set.Detections.Select(detection => detection.Rule));
            return set;
        }
    }

    public DetectionsStatus Status => new()
    {
        Hash = rules.Status.Hash,
        LoadedAt = rules.Status.LoadedAt,
        Rules = rules.Current.Detections.Count,
        LastError = rules.Status.LastError,
        Findings = log.Findings,
        // A rule that is no longer active is not reported as one that cannot fire.
        CannotFire = [.. log.CannotFire.Where(blind => rules.Current.Detections.Any(detection => detection.Rule.Name == blind.Rule))],
    };

    public SourceDetector ForSource(RecordTags? tags = null) => new(origin, rules, log, new RecordWriter(origin, tags));

    /// <summary>For a source of processes.</summary>
    public SourceDetector ForProcesses(RecordTags? tags = null) => new(origin, rules, log, new WorkloadRecordWriter(origin, tags));

    public Task RunAsync(CancellationToken stopping) => rules.RunAsync(stopping);
}
