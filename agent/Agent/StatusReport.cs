using System.Text.Json;
using ClusterTrail.Agent.Detections;
using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Notifications;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Sinks;
using ClusterTrail.Agent.Spool;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Status;
using ClusterTrail.Rules.Selectors;
using ClusterTrail.Telemetry;

namespace ClusterTrail.Agent;

/// <summary>Gathers what the agent shows of itself.</summary>
sealed class StatusReport(
    AgentConfiguration configuration, Origin origin, string configHash, ReloadedFile<Selector> selectors, DetectionDesk? detections, NotificationDesk? notifications,
    IReadOnlyList<SourceRunner> sources,
    BatchSpool spool, Uploader uploader, Heartbeats heartbeats, TimeProvider time)
{
    readonly DateTimeOffset startedAt = time.GetUtcNow();

    public void Register(AgentGauges gauges, string sinkLabel)
    {
        foreach (var source in sources)
        {
            gauges.WatchSource(source.Name, () => source.View.Lag(time.GetUtcNow()));
        }

        gauges.WatchSpool(() => new(spool.Level.Bytes, spool.LimitBytes, spool.Level.Batches, spool.Level.OldestAge.TotalSeconds));
        gauges.WatchSink(sinkLabel, () => uploader.Status.LastDelivery?.At);
        gauges.WatchConfiguration(() => new(configHash, selectors.Status.Hash));
    }

    public TelemetryPages Pages(MetricsCollector collector) => new()
    {
        Metrics = collector.Collect,
        Status = () => JsonSerializer.SerializeToUtf8Bytes(Status(), StatusJson.Default.AgentStatus),
        HealthProblems = heartbeats.Problems,
        ReadinessProblems = Problems,
    };

    AgentStatus Status() => new()
    {
        Agent = new()
        {
            Version = BuildInfo.Current.Version,
            Revision = BuildInfo.Current.Revision,
            ClusterName = origin.ClusterName,
            NodeName = origin.NodeName,
            Trail = configuration.Trail,
            StartedAt = startedAt,
        },
        ConfigHash = configHash,
        Selectors = new()
        {
            Hash = selectors.Status.Hash,
            LoadedAt = selectors.Status.LoadedAt,
            RuleSets = configuration.Selectors is null ? 0 : selectors.Current.RuleSets,
            LastError = selectors.Status.LastError,
        },
        Detections = detections?.Status,
        Sources = [.. sources.Select(Status)],
        Spool = new()
        {
            Bytes = spool.Level.Bytes,
            LimitBytes = spool.LimitBytes,
            Batches = spool.Level.Batches,
            OldestAgeSeconds = spool.Level.OldestAge.TotalSeconds,
        },
        Sinks = [uploader.Status],
        Notifications = notifications?.Status,
    };

    SourceStatus Status(SourceRunner source)
    {
        var view = source.View;
        var lag = view.Lag(time.GetUtcNow());
        return new()
        {
            Name = source.Name,
            State = view.State,
            Message = view.Message,
            Path = source.Path,
            File = view.Source.At?.File.ToString() ?? "",
            Offset = view.Source.At?.Offset ?? 0,
            LagBytes = lag.Bytes,
            LagSeconds = lag.Seconds,
            LastEventAt = view.Totals.LastEventAt,
            ReadEvents = view.Totals.Read,
            SelectedEvents = view.Totals.Selected,
            Gaps = source.Gaps,
        };
    }

    /// <summary>Why the agent does not do its work now.</summary>
    List<string> Problems()
    {
        var problems = sources
            .Where(source => source.View.State is SourceState.Waiting or SourceState.Failed or SourceState.Blocked)
            .Select(source => $"Source {source.Name}: {source.View.Message ?? $"{source.Path} does not exist: not yet, or it was deleted under the API server, which must then be restarted."}")
            .ToList();
        if (uploader.Status.LastError is { } error)
        {
            problems.Add($"Sink {uploader.Status.Description}: {error.Code} since {error.Since:O}: {error.Message}");
        }

        return problems;
    }
}
