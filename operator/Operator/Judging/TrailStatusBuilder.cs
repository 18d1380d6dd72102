using System.Globalization;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Status;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails;

namespace ClusterTrail.Operator.Judging;

/// <summary>Makes a Trail's status of what is known of it. Pure.</summary>
static class TrailStatusBuilder
{
    const int MostNodes = 100;

    // What a condition's schema takes, and a little less.
    const int LongestMessage = 30_000;

    public static TrailStatus Build(TrailView view, DateTimeOffset now)
    {
        var reports = view.Reporting.Select(reporting => reporting.Status).ToList();
        var sources = reports.SelectMany(report => report.Sources).ToList();
        var sinks = reports.SelectMany(report => report.Sinks).ToList();
        var newest = sinks.Select(sink => sink.LastDelivery).OfType<LastDelivery>().MaxBy(delivery => delivery.At);
        var before = view.Trail.Status;
        return new()
        {
            ObservedGeneration = view.Trail.Metadata.Generation,
            Sink = Describe(view.Trail.Spec.Sink),
            Agents = Agents(view),
            Lag = sources.Count == 0 ? null : Duration(sources.Max(source => source.LagSeconds)),
            LagBytes = sources.Sum(source => source.LagBytes),
            Gaps = sources.Sum(source => source.Gaps),
            ReadEvents = sources.Sum(source => source.ReadEvents),
            SelectedEvents = sources.Sum(source => source.SelectedEvents),
            DeliveredEvents = sinks.Sum(sink => sink.DeliveredEvents),
            DeliveredBatches = sinks.Sum(sink => sink.DeliveredBatches),
            SpoolBytes = reports.Sum(report => report.Spool.Bytes),
            // What was seen stays when the agent that told it starts anew.
            LastEventTime = Whole(sources.Max(source => source.LastEventAt) ?? before?.LastEventTime),
            LastDeliveryTime = Whole(newest?.At ?? before?.LastDeliveryTime),
            LastObject = newest?.Object ?? before?.LastObject,
            Selectors = new()
            {
                Attached = view.AttachedSelectors,
                Hash = view.SelectorsHash,
                Synced = reports.Count(report => report.Selectors.Hash == view.SelectorsHash),
            },
            Detections = DetectionsStatusBuilder.Build(view),
            Nodes = [.. view.Agents.OrderBy(agent => agent.Node, StringComparer.Ordinal).DistinctBy(agent => agent.Node).Take(MostNodes).Select(Node)],
            Conditions = [.. TrailConditions.Evaluate(view).Select(verdict => Condition(verdict, view.Trail, now))],
        };
    }

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
        var (desired, ready) = (view.DaemonSet?.DesiredNumberScheduled ?? 0, view.DaemonSet?.NumberReady ?? 0);
        return new() { Desired = desired, Ready = ready, Reporting = view.Reporting.Count(), Summary = $"{ready}/{desired}" };
    }

    static TrailNode Node(AgentView agent)
    {
        var source = agent.Report?.Status?.Sources.MaxBy(source => source.State is SourceState.Idle or SourceState.Reading ? 0 : 1);
        return new()
        {
            Name = agent.Node,
            Pod = agent.Pod.Metadata.Name,
            State = source?.State.ToString() ?? "Unreachable",
            Message = source?.Message ?? agent.Report?.Error ?? agent.Waiting?.Message,
        };
    }

    // The time of the last transition stays until the status changes, as the API conventions say.
    static Condition Condition(Verdict verdict, Trail trail, DateTimeOffset now)
    {
        var before = trail.Status?.Conditions?.FirstOrDefault(condition => condition.Type == verdict.Type);
        return new(
            verdict.Type, verdict.Status, verdict.Reason, verdict.Message.Length > LongestMessage ? $"{verdict.Message[..LongestMessage]} …" : verdict.Message,
            before?.Status == verdict.Status && before.LastTransitionTime is { } since ? since : Whole(now),
            trail.Metadata.Generation);
    }

    // Kubernetes keeps whole seconds; with a fraction every status would look new.
    public static DateTimeOffset? Whole(DateTimeOffset? time) => time is { } at ? Whole(at) : null;

    static DateTimeOffset Whole(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));

    static string Duration(double seconds) => seconds switch
    {
        < 1 => "<1s",
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0}s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0}h"),
    };
}
