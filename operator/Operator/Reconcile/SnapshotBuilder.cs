using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Cache;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Manifests;
using ClusterTrail.Trails.Validation;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>Builds all that is known of a Trail, and the objects that it should become. Sends no requests.</summary>
sealed class SnapshotBuilder(ClusterCache cache, TrailNodes nodes, OperatorOptions options, TimeProvider time)
{
    /// <param name="trail">With the status that was found last.</param>
    /// <param name="attached">What TrailSelectors add to it.</param>
    public TrailSnapshot Build(Trail trail, AttachedRules attached)
    {
        var references = References.Check(trail, cache, options.Namespace);
        var own = AgentFiles.Of(trail, references.RuleFiles);
        var invalid = TrailProblems.Of(trail, own, isWhole: references.RuleFiles is not null).Select(problem =>
            new Rejection("InvalidSpec", problem));
        IReadOnlyList<Rejection> problems = [.. invalid, .. references.Problems];
        var files = problems.Count == 0 ? own.WithWritten(attached.Sets) : null;
        var daemonSet = cache.DaemonSets.Find(new(options.Namespace, new AgentNames(trail.Metadata.Name).DaemonSet));
        var view = new TrailView
        {
            Trail = trail,
            Now = time.GetUtcNow(),
            DeletionDeadline = trail.Metadata.DeletionTimestamp + options.DeletionGrace,
            Namespace = options.Namespace,
            Problems = problems,
            DaemonSet = daemonSet,
            Refusal = nodes.RefusalOf(daemonSet),
            Nodes = nodes.Of(trail),
            SelectorsHash = files is null ? trail.Status?.Selectors?.Hash : files.SelectorsHash,
            AttachedSelectors = attached.Sets.Count,
            OverQuota = attached.OverQuota,
            LeftOut = [.. cache.NamespacesLeftOut.Where(name => cache.SelectorIndex.TrailsOf(name).Contains(trail.Metadata.Name))],
            DetectionsHash = files is null ? trail.Status?.Detections?.Hash : files.DetectionsHash,
            Rules = files?.Detections.Effective(),
        };
        return new(view, files is null ? [] : AgentManifests.Build(trail, files, Inputs(references)));
    }

    /// <summary>What the agents answered at the last poll.</summary>
    public IEnumerable<AgentStatus> ReportsOf(Trail trail) => nodes.AgentsOf(trail).Select(agent => agent.Status).OfType<AgentStatus>();

    AgentInputs Inputs(References references) => new()
    {
        Namespace = options.Namespace,
        Image = options.AgentImage,
        TelemetryPeers = options.TelemetryPeers,
        ReferencesHash = references.Hash,
        PodMonitors = cache.IsServed(AgentPodMonitor.Type),
    };
}
