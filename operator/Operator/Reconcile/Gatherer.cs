using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Status;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Operator.Watching;
using ClusterTrail.Trails;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>All that is known of a Trail, and what it should become. Asks nobody.</summary>
sealed class Gatherer(KnownCluster known, Roster roster, OperatorOptions options, TimeProvider time)
{
    /// <param name="trail">With the status that was found last.</param>
    public Gathered Gather(Trail trail)
    {
        var references = References.Check(trail, known, options.Namespace);
        var attached = Attachments.RuleSets(Attachments.Of(trail.Metadata.Name, known));
        IReadOnlyList<Problem> problems = [.. AgentFiles.Problems(trail, references.RuleFiles).Select(problem => new Problem("InvalidSpec", problem)), .. references.Problems];
        var inputs = new AgentInputs
        {
            Namespace = options.Namespace,
            Image = options.AgentImage,
            Attached = attached,
            RuleFiles = references.RuleFiles ?? [],
            ReferencesHash = references.Hash,
            PodMonitors = known.IsServed(KnownTypes.PodMonitor),
        };
        var daemonSet = known.DaemonSets.Find(new(options.Namespace, new AgentNames(trail.Metadata.Name).DaemonSet));
        var view = new TrailView
        {
            Trail = trail,
            Now = time.GetUtcNow(),
            GoesAt = trail.Metadata.DeletionTimestamp + options.DeletionGrace,
            Namespace = options.Namespace,
            Problems = problems,
            DaemonSet = daemonSet,
            Refusal = roster.RefusalOf(daemonSet),
            Nodes = roster.Of(trail),
            SelectorsHash = problems.Count == 0 ? AgentFiles.Hash(AgentFiles.SelectorsJson(trail, attached)) : trail.Status?.Selectors?.Hash,
            AttachedSelectors = attached.Count,
            DetectionsHash = problems.Count == 0 ? AgentFiles.Hash(AgentFiles.DetectionsJson(trail, inputs.RuleFiles)) : trail.Status?.Detections?.Hash,
            Rules = problems.Count == 0 ? AgentFiles.Detections(trail, inputs.RuleFiles).Effective() : null,
        };
        return new(view, problems.Count == 0 ? AgentManifests.Build(trail, inputs) : []);
    }

    /// <summary>What the agents said when last asked.</summary>
    public IEnumerable<AgentStatus> ReportsOf(Trail trail) => roster.AgentsOf(trail).Select(agent => agent.Status).OfType<AgentStatus>();
}
