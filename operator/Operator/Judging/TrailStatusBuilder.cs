using System.Globalization;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Operator.Judging;

/// <summary>Makes a Trail's status of what is known of it. Pure.</summary>
static class TrailStatusBuilder
{
    public const int MostNodes = 100;

    const int MostCounts = 50;

    // What a condition's schema takes, and a little less.
    const int LongestMessage = 30_000;

    public static TrailStatus Build(TrailView view)
    {
        var reports = view.Reporting.Select(reporting => reporting.Status).ToList();
        var sources = reports.SelectMany(report => report.Sources).ToList();
        var newest = reports.SelectMany(report => report.Sinks)
            .Select(sink => sink.LastDelivery)
            .OfType<LastDelivery>()
            .MaxBy(delivery => delivery.At);
        var before = view.Trail.Status;
        var counted = view.Nodes.Select(NodeStatusBuilder.News).Aggregate(AgentCounters.Of(before), (sum, news) => sum.Plus(news));
        var found = (view.Workloads?.Nodes ?? []).Select(NodeStatusBuilder.News).Aggregate(counted, (sum, news) => sum.Plus(news));
        return new()
        {
            ObservedGeneration = view.Trail.Metadata.Generation,
            LastObservedTime = Whole(view.Now),
            Sink = Describe(view.Trail.Spec.Sink),
            Agents = Agents(view),
            Lag = sources.Count == 0 ? null : Duration(sources.Max(source => source.LagSeconds)),
            LagBytes = Saturating.Sum(sources.Select(source => source.LagBytes)),
            Gaps = counted.Gaps,
            ReadEvents = counted.ReadEvents,
            SelectedEvents = counted.SelectedEvents,
            AggregatedEvents = NodeStatusBuilder.Counted(counted.AggregatedEvents),
            DeliveredEvents = counted.DeliveredEvents,
            DeliveredBatches = counted.DeliveredBatches,
            SpoolBytes = Saturating.Sum(reports.Select(report => report.Spool.Bytes)),
            // The last event stays when the agent that reported it restarts.
            LastEventTime = Whole(sources.Max(source => source.LastEventAt) ?? before?.LastEventTime),
            LastDeliveryTime = Whole(newest?.At ?? before?.LastDeliveryTime),
            LastObject = newest?.Object ?? before?.LastObject,
            Selectors = new()
            {
                Attached = view.AttachedSelectors,
                Hash = view.SelectorsHash,
                Synced = reports.Count(report => report.Selectors.Hash == view.SelectorsHash),
            },
            Detections = DetectionsStatusBuilder.Build(view, found),
            Workloads = WorkloadsStatusBuilder.Build(view),
            Integrity = Integrity(view),
            Completeness = Completeness(view),
            Nodes = [.. view.Nodes.Select(node => NodeStatusBuilder.Build(node, view))],
            Conditions = [.. TrailConditions.Evaluate(view).Select(verdict => Condition(verdict, view))],
        };
    }

    /// <summary>The status as it is written: without the nodes that do not fit.</summary>
    public static TrailStatus Written(TrailStatus status) => status with
    {
        Nodes = status.Nodes is { Count: > MostNodes } nodes ? [.. nodes.Take(MostNodes)] : status.Nodes,
        Workloads = WorkloadsStatusBuilder.Written(status.Workloads),
    };

    /// <summary>The archive's place in a word.</summary>
    public static string Describe(TrailSink sink) => sink switch
    {
        { Type: SinkType.S3, S3: { } s3 } => s3.Prefix.Length == 0 ? $"s3://{s3.Bucket}" : $"s3://{s3.Bucket}/{s3.Prefix}",
        { Directory.HostPath: { } host } => $"hostpath:{host.Path}",
        { Directory.PersistentVolumeClaim: { } claim } => $"pvc:{claim.ClaimName}",
        _ => $"{sink.Type}",
    };

    static AgentsStatus Agents(TrailView view)
    {
        var nodes = view.Nodes.Count;
        var ready = view.Nodes.Count(node => node.IsReady && node.Agent?.IsReady == true);
        return new()
        {
            Nodes = nodes,
            Desired = view.Set?.Desired ?? 0,
            Ready = ready,
            Reporting = view.Reporting.Count(),
            Summary = $"{ready}/{nodes}",
        };
    }

    static IReadOnlyList<TrailCompleteness>? Completeness(TrailView view) => !CompletenessView.Compares(view.Trail) ? null
        : view.Completeness is not { Counts: var counts } ? view.Trail.Status?.Completeness
        : counts.Count == 0 ? null
        : [
            .. counts.OrderByDescending(count => count.FoundAt).Take(MostCounts).OrderBy(count => count.Name, StringComparer.Ordinal)
                .Select(count => count with { Since = Whole(count.Since), LastAt = null, FoundAt = Whole(count.FoundAt) }),
        ];

    static TrailIntegrityStatus? Integrity(TrailView view) => !view.Trail.Spec.Integrity.Enabled ? null
        : view.Chains is not { } chains ? view.Trail.Status?.Integrity
        : new()
        {
            // While the Secret is damaged, what auditors have is still the former key.
            OperatorKeyId = chains.OperatorKeyId ?? view.Trail.Status?.Integrity?.OperatorKeyId,
            OperatorPublicKey = chains.OperatorPublicKey ?? view.Trail.Status?.Integrity?.OperatorPublicKey,
            Chains = chains.Chains.Count,
            Enrolled = chains.Chains.Values.Count(chain => chain.IsStored),
            RecordsWaiting = chains.RecordsWaiting,
        };

    // The time of the last transition stays until the status changes, as the API conventions say.
    static V1Condition Condition(Verdict verdict, TrailView view)
    {
        var before = view.Before(verdict.Type);
        return new()
        {
            Type = verdict.Type,
            Status = verdict.Status,
            Reason = verdict.Reason,
            Message = verdict.Message.Length > LongestMessage ? $"{verdict.Message[..LongestMessage]} …" : verdict.Message,
            LastTransitionTime = before?.Status == verdict.Status && before.LastTransitionTime != default
                ? before.LastTransitionTime
                : Whole(view.Now).UtcDateTime,
            ObservedGeneration = view.Trail.Metadata.Generation,
        };
    }

    // Kubernetes keeps whole seconds; with a fraction every status would look new.
    public static DateTimeOffset? Whole(DateTimeOffset? time) => time is { } at ? Whole(at) : null;

    public static DateTimeOffset Whole(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));

    static string Duration(double seconds) => seconds switch
    {
        < 1 => "<1s",
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0}s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0}h"),
    };
}
