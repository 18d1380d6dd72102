using System.Text.Json;
using ClusterTrail.Agent.Records;
using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract.Status;
using ClusterTrail.Telemetry;
using ClusterTrail.Telemetry.Exposition;

namespace ClusterTrail.Agent;

/// <summary>Gathers what the agent shows of itself.</summary>
sealed class StatusReport(
    Origin origin, WatchedFiles files, IReadOnlyList<SourceRunner> sources, Delivery delivery, Heartbeats heartbeats, StateFolder state,
    TimeProvider time)
{
    readonly DateTimeOffset startedAt = time.GetUtcNow();
    readonly StatusKey key = StatusKey.OfEnvironment();

    /// <summary>What joins processes with API events.</summary>
    public ExecParts? Execs { get; init; }

    /// <summary>The labels that the operator sends to agents with a source of containers, or whose records get labels.</summary>
    public LabelStore? Labels { get; init; }

    public void Register(AgentGauges gauges, string sinkLabel)
    {
        foreach (var source in sources)
        {
            gauges.WatchSource(source.Name, () => source.View.Lag(time.GetUtcNow()));
        }

        foreach (var source in sources.Select(source => source.Processes).OfType<ProcessRunner>())
        {
            gauges.Processes.Watch(source.Name, () => source.Status);
        }

        var spool = delivery.Spool;
        gauges.WatchSpool(() => new(spool.Level.Bytes, spool.LimitBytes, spool.Level.Batches, spool.Level.OldestAge.TotalSeconds));
        gauges.WatchSink(sinkLabel, () => delivery.Uploader.Status);
        gauges.WatchImmutability(() => delivery.Immutability?.Status);
        gauges.WatchConfiguration(() => new(files.Configuration.Hash, files.Selectors.Status.Hash));
    }

    public TelemetryPages Pages(MetricsCollector collector) => new()
    {
        Metrics = collector.WriteAsync,
        Status = () => JsonSerializer.SerializeToUtf8Bytes(Status(), StatusJson.Default.AgentStatus),
        SignStatus = key.Sign,
        SignatureHeaders = (SignedAnswer.NonceHeader, SignedAnswer.SignatureHeader),
        Exchanges =
        [
            .. new[]
            {
                Execs?.Exchange(sources).Page, LabelsPage(), delivery.Integrity?.RecordsPage(key),
                delivery.Integrity?.CompletenessPage(key),
            }.OfType<TelemetryExchange>(),
        ],
        HealthProblems = heartbeats.HealthProblems,
        ReadinessProblems = () => [.. heartbeats.ReadinessProblems(), .. state.Problem is { } problem ? [problem] : (string[])[]],
    };

    TelemetryExchange? LabelsPage() =>
        Labels is { } labels && (IsEnriching || sources.Any(source => source.Containers is not null))
            ? new LabelsExchange(labels, key).Page
            : null;

    bool IsEnriching => files.Configuration.AtStart.Enrichment is not null;

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
        ConfigHash = files.Configuration.Hash,
        Configuration = files.Configuration.Status,
        Selectors = new()
        {
            Hash = files.Selectors.Status.Hash,
            LoadedAt = files.Selectors.Status.LoadedAt,
            RuleSets = files.Configuration.AtStart.Selectors is null ? 0 : files.Selectors.Current.RuleSets,
            LastError = files.Selectors.Status.LastError,
            Policy = files.Policy.StatusOf(files.Selectors.Current),
        },
        Detections = files.Detections?.Status,
        Sources = [.. sources.Select(Status)],
        Spool = new()
        {
            Bytes = delivery.Spool.Level.Bytes,
            LimitBytes = delivery.Spool.LimitBytes,
            Batches = delivery.Spool.Level.Batches,
            OldestAgeSeconds = delivery.Spool.Level.OldestAge.TotalSeconds,
        },
        Sinks = [delivery.Uploader.Status],
        Integrity = delivery.Integrity?.Status,
        Immutability = delivery.Immutability?.Status,
        Enrichment = IsEnriching && Labels is { } labels
            ? new() { LabelsHash = labels.Current.Hash, Namespaces = labels.Tags.Namespaces, Pods = labels.Tags.Pods }
            : null,
        Notifications = delivery.Notifications?.Status,
    };

    SourceStatus Status(SourceRunner source)
    {
        var view = source.View;
        var lag = view.Lag(time.GetUtcNow());
        var seen = source.Processes?.Status;
        var problem = state.Problem ?? (seen is { Method: ProcessMethod.None } ? seen.Reason : null) ?? source.Receiver?.Problem;
        return new()
        {
            Name = source.Name,
            State = problem is null ? view.State : SourceState.Failed,
            Message = problem ?? view.Message,
            Path = source.Path,
            File = view.Source.At?.File.ToString() ?? "",
            Offset = view.Source.At?.Offset ?? 0,
            LagBytes = lag.Bytes,
            LagSeconds = lag.Seconds,
            LastEventAt = view.Totals.LastEventAt,
            ReadEvents = view.Totals.Read,
            Counted = view.Count is not { } count ? null
                : new() { Lines = count.Lines, Since = count.Since, AgeSeconds = (time.GetUtcNow() - view.At).TotalSeconds },
            SelectedEvents = view.Totals.Selected,
            AggregatedEvents = view.Totals.Aggregated,
            InsightRecords = view.Totals.Insights,
            Gaps = source.Gaps,
            Processes = seen,
            Containers = source.Containers?.Status,
            Receiver = source.Receiver?.Status,
            Feed = source.Cloud?.Status,
        };
    }
}
