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
    ConfigurationFile configuration, Origin origin, ReloadedFile<Selector> selectors, DetectionDesk? detections, NotificationDesk? notifications,
    IReadOnlyList<SourceRunner> sources,
    BatchSpool spool, Uploader uploader, Heartbeats heartbeats, StateFolder state, TimeProvider time)
{
    readonly DateTimeOffset startedAt = time.GetUtcNow();

    public void Register(AgentGauges gauges, string sinkLabel)
    {
        foreach (var source in sources)
        {
            gauges.WatchSource(source.Name, () => source.View.Lag(time.GetUtcNow()));
        }

        gauges.WatchSpool(() => new(spool.Level.Bytes, spool.LimitBytes, spool.Level.Batches, spool.Level.OldestAge.TotalSeconds));
        gauges.WatchSink(sinkLabel, () => uploader.Status);
        gauges.WatchConfiguration(() => new(configuration.Hash, selectors.Status.Hash));
    }

    public TelemetryPages Pages(MetricsCollector collector) => new()
    {
        Metrics = collector.WriteAsync,
        Status = () => JsonSerializer.SerializeToUtf8Bytes(Status(), StatusJson.Default.AgentStatus),
        HealthProblems = heartbeats.HealthProblems,
        ReadinessProblems = () => [.. heartbeats.ReadinessProblems(), .. state.Problem is { } problem ? [problem] : (string[])[]],
    };

    AgentStatus Status() => new()
    {
        Agent = new()
        {
            Version = BuildInfo.Current.Version,
            Revision = BuildInfo.Current.Revision,
            ClusterName = origin.ClusterName,
            NodeName = origin.NodeName,
            Trail = origin.Trail,
            StartedAt = startedAt,
        },
        ConfigHash = configuration.Hash,
        Configuration = configuration.Status,
        Selectors = new()
        {
            Hash = selectors.Status.Hash,
            LoadedAt = selectors.Status.LoadedAt,
            RuleSets = configuration.AtStart.Selectors is null ? 0 : selectors.Current.RuleSets,
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
            State = state.Problem is null ? view.State : SourceState.Failed,
            Message = state.Problem ?? view.Message,
            Path = source.Path,
            File = view.Source.At?.File.ToString() ?? "",
            Offset = view.Source.At?.Offset ?? 0,
            LagBytes = lag.Bytes,
            LagSeconds = lag.Seconds,
            LastEventAt = view.Totals.LastEventAt,
            ReadEvents = view.Totals.Read,
            SelectedEvents = view.Totals.Selected,
            InsightRecords = view.Totals.Insights,
            Gaps = source.Gaps,
        };
    }
}
