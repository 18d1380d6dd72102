using System.Diagnostics.Metrics;
using ClusterTrail.Kubernetes;
using ClusterTrail.Kubernetes.Control;
using ClusterTrail.Operator.Agents;
using ClusterTrail.Operator.Anchors;
using ClusterTrail.Operator.Cache;
using ClusterTrail.Operator.Chains;
using ClusterTrail.Operator.Completeness;
using ClusterTrail.Operator.Events;
using ClusterTrail.Operator.Execs;
using ClusterTrail.Operator.Model;
using ClusterTrail.Operator.Reconcile;
using ClusterTrail.Telemetry;
using ClusterTrail.Telemetry.Exposition;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Operator;

/// <summary>One replica of the operator: its parts, and in which order they start and stop.</summary>
/// <remarks>
/// Every replica keeps a copy of the cluster, so that a new leader begins immediately; only the leader changes anything.
/// </remarks>
sealed partial class OperatorHost : IDisposable
{
    static readonly Backoff Retries = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromMinutes(1));

    readonly OperatorOptions options;
    readonly ILogger<OperatorHost> logger;
    readonly Meter meter = new(KubernetesMetrics.MeterName);
    readonly MetricsCollector collector;
    readonly ICluster cluster;
    readonly WorkQueue<ObjectKey> trails;
    readonly WorkQueue<ObjectKey> selectors;
    readonly ClusterCache cache;
    readonly ChainRegistry chains;
    readonly AnchorKeeper anchors;
    readonly AgentPoller poller;
    readonly CompletenessKeeper completeness;
    readonly CompletenessSender completenessSender;
    readonly IApiServerPages? pages;
    readonly HttpExecAgents execAgents;
    readonly ExecRelay execs;
    readonly StatusWriter status;
    readonly FindingEvents findings;
    readonly Controller trailController;
    readonly Controller selectorController;
    readonly LeaderLease lease;

    public OperatorHost(Func<KubernetesMetrics, ICluster> connect, OperatorOptions options, ILoggerFactory loggers, TimeProvider time,
        IApiServerPages? pages = null)
    {
        (this.options, this.pages) = (options, pages);
        logger = loggers.CreateLogger<OperatorHost>();
        collector = new(meter);
        var metrics = new KubernetesMetrics(meter);
        cluster = connect(metrics);
        trails = new(time, Retries);
        // Writing the status of a large TrailSelector takes the API server a fifth of a second, and a namespace may have hundreds.
        selectors = new(time, Retries, partyOf: selector => selector.Namespace ?? "");
        cache = new(cluster, options, metrics, time, loggers);
        var attachments = new Attachments(cluster, cache, options.Quota);
        chains = new(new OperatorKey(cluster, options, time), new ChainShards(cluster, options.Namespace), time);
        anchors = new(
            cache, chains, new(cluster, cache, options.Namespace), meter, time, loggers.CreateLogger<AnchorKeeper>());
        var posts = new PostMetrics(meter);
        poller = new(cache, chains, options.Poll, time, posts, loggers.CreateLogger<AgentPoller>());
        completeness = new(cache, poller, new(cluster, pages), time, loggers.CreateLogger<CompletenessKeeper>());
        completenessSender = new(cache, poller, completeness, posts, time, loggers.CreateLogger<CompletenessSender>());
        execAgents = new(cache);
        execs = new(execAgents, cluster, meter, time, loggers.CreateLogger<ExecRelay>());
        TrailReconciler.Watch(cache, poller, trails);
        SelectorReconciler.Watch(cache, attachments, selectors);
        var ownership = new Ownership(cluster, cache);
        var objects = new AppliedObjects(cluster, ownership, time, loggers.CreateLogger<AppliedObjects>());
        var events = new EventRecorder(cluster, options.Identity, time, loggers.CreateLogger<EventRecorder>());
        status = new StatusWriter(cluster, new(events), time, loggers.CreateLogger<StatusWriter>());
        findings = new FindingEvents(events, time);
        var snapshots = new SnapshotBuilder(cache, new TrailNodes(cache, poller), options, time);
        var deleted = new DeletedObjects(cluster, cache, objects, options);
        var removal = new TrailRemoval(
            new(cluster, snapshots, deleted, status, events, options, loggers.CreateLogger<TrailDeletion>()),
            new(deleted, options, loggers.CreateLogger<UnaskedWorkloads>()));
        var reconciler = new TrailReconciler(
            new(
                cluster, objects, ownership, new(cluster, cache, options), new(cluster, cache, options, time), attachments,
                new(chains, anchors, cache, events), completeness),
            cache, snapshots, status, findings, removal);
        trailController = new("trail", trails, reconciler.ReconcileAsync, metrics, time, loggers.CreateLogger<Controller>());
        selectorController = new(
            "trailselector", selectors, new SelectorReconciler(cluster, cache, options.Workloads, time).ReconcileAsync, metrics, time,
            loggers.CreateLogger<Controller>());
        lease = new(cluster, new(options.Namespace, options.Lease), options.Identity, time, loggers.CreateLogger<LeaderLease>());
        ProcessGauges.Describe(meter);
        meter.CreateObservableGauge("clustertrail.operator.leader", () => lease.IsLeading ? 1 : 0, null,
            "1 on the leader, 0 on the other replicas. The sum over all replicas should be 1.");
        meter.CreateObservableGauge("clustertrail.operator.trails", () => cache.Trails.Objects.Count(), "{trail}", "Number of Trails.");
        meter.CreateObservableGauge("clustertrail.trail.condition", () => TrailGauges.Conditions(cache.Trails.Objects), null,
            "1 for the status of a Trail's condition, 0 for the other two of True, False and Unknown.");
        meter.CreateObservableGauge("clustertrail.trail.logging", () => TrailGauges.Logging(cache.Trails.Objects), null,
            "1 for a Trail that records, 0 for a Trail whose spec.logging is false.");
        meter.CreateObservableGauge("clustertrail.trail.chain_moved_back", () => TrailGauges.MovedBack(cache.Trails.Objects), null,
            "1 for a Trail with a node whose chain of digests went back or forked, 0 for others.");
        meter.CreateObservableGauge("clustertrail.trail.missing_events", () => TrailGauges.MissingEvents(cache.Trails.Objects), null,
            "Events that API servers made and agents did not read, of the last day: at least, and at most. The node is "
            + "all where sums are compared.");
    }

    /// <summary>Whether it leads and there is nothing to do for now.</summary>
    public bool IsIdle => lease.IsLeading && trails.IsIdle && selectors.IsIdle && poller.IsIdle && anchors.IsIdle;

    /// <summary>How far its copy of the cluster is, by kind.</summary>
    public IEnumerable<string?> Versions => cache.Versions;

    /// <summary>Runs until it is stopped; then releases the lease, so that another replica takes over immediately.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        await using var server = await TelemetryServer.StartAsync(options.Listen, Pages(), logger, stopping);
        LogStarted(BuildInfo.Current.Version, options.Identity, options.Namespace, server.Url);
        // The copy outlives the work, which may still read it while it ends.
        using var watching = new CancellationTokenSource();
        var copying = cache.RunAsync(watching.Token);
        try
        {
            await Task.WhenAny(cache.Ready, copying).WaitAsync(stopping);
            await lease.RunAsync(WorkAsync, stopping);
        }
        finally
        {
            await watching.CancelAsync();
            await copying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        poller.Dispose();
        completenessSender.Dispose();
        chains.Dispose();
        execAgents.Dispose();
        trails.Dispose();
        selectors.Dispose();
        (cluster as IDisposable)?.Dispose();
        (pages as IDisposable)?.Dispose();
        collector.Dispose();
        meter.Dispose();
    }

    async Task WorkAsync(CancellationToken cancellationToken)
    {
        // Changes while another replica led were handled by that one, or by none; what this one wrote before may be outdated.
        status.ForgetAll();
        findings.ForgetAll();
        chains.ForgetAll();
        anchors.ForgetAll();
        completeness.ForgetAll();
        foreach (var trail in cache.Trails.Objects)
            trails.Add(trail.Key);
        foreach (var trail in cache.SelectorIndex.Trails)
            trails.Add(new(null, trail));
        foreach (var selector in cache.Selectors.Objects)
            selectors.Add(selector.Key);
        using var working = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] parts =
        [
            trailController.RunAsync(options.Workers, working.Token),
            selectorController.RunAsync(workers: 2, working.Token),
            poller.RunAsync(working.Token),
            execs.RunAsync(working.Token),
            anchors.RunAsync(working.Token),
            .. pages is null ? [] : new[] { completeness.RunAsync(working.Token), completenessSender.RunAsync(working.Token) },
        ];
        // No part runs alone: if one ends by an error, the process ends, and another replica takes over.
        await Task.WhenAny(parts);
        await working.CancelAsync();
        await Task.WhenAll(parts);
    }

    TelemetryPages Pages() => new()
    {
        Metrics = collector.WriteAsync,
        HealthProblems = () => [],
        ReadinessProblems = () =>
            cache.Ready.IsCompletedSuccessfully ? [] : ["The cluster's objects are not listed yet; see the log if this lasts."],
    };

    [LoggerMessage(LogLevel.Information, "ClusterTrail operator {Version} as {Identity} in namespace {Namespace}, telemetry at {Url}.")]
    partial void LogStarted(string version, string identity, string @namespace, Uri url);
}
