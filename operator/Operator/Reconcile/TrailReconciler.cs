using System.Diagnostics;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Status;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Agents;
using ClusterTrail.Operator.Findings;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Operator.Watching;
using ClusterTrail.Trails;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>Brings a Trail's objects in line with its spec, and its status with how its agents are.</summary>
sealed class TrailReconciler(
    ICluster cluster, KnownCluster known, AgentPoller agents, AppliedObjects objects, StatusWriter status, FindingEvents findings, TrailDeletion deletion,
    OperatorOptions options)
{
    // When the copy of the cluster does not show yet what was applied.
    static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    public const string ActivityName = "ClusterTrail.Operator";

    static readonly ActivitySource Activities = new(ActivityName);

    /// <returns>When to look again, if nothing happens before.</returns>
    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        using var activity = Activities.StartActivity("reconcile Trail")?.SetTag("clustertrail.trail", key.Name);
        if (known.Trails.Find(key) is not { } trail)
        {
            findings.Forget(key.Name);
            return null; // What it owned is collected by Kubernetes.
        }

        // Before all that may fail: whoever breaks a Trail may be who is found.
        await findings.TellAsync(trail, AgentsOf(trail).Select(agent => agent.Report?.Status).OfType<AgentStatus>(), cancellationToken);
        if (trail.Metadata.DeletionTimestamp is not null)
            return await deletion.ContinueAsync(trail, Gather, cancellationToken);
        if (!Finalizer.IsOn(trail))
            await Finalizer.AddAsync(cluster, trail, cancellationToken);

        var gathered = Gather(trail);
        // There are none, and agents go on as they were, until the spec and what it names can be used.
        var isInLine = true;
        foreach (var desired in gathered.Objects)
            isInLine &= await objects.ApplyAsync(desired, cancellationToken);
        var again = await status.WriteAsync(gathered.View, cancellationToken);
        return isInLine ? again : LookAgain;
    }

    /// <summary>All that is known of a Trail, and what it should become. Asks nobody.</summary>
    Gathered Gather(Trail trail)
    {
        var attachments = Attachments.Of(trail.Metadata.Name, known);
        var references = References.Check(trail, known, options.Namespace);
        var attached = Attachments.RuleSets(attachments);
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
        var view = new TrailView
        {
            Trail = trail,
            Problems = problems,
            DaemonSet = known.DaemonSets.Find(new(options.Namespace, new AgentNames(trail.Metadata.Name).DaemonSet))?.Status,
            Agents = [.. AgentsOf(trail)],
            SelectorsHash = problems.Count == 0 ? AgentFiles.Hash(AgentFiles.SelectorsJson(trail, attached)) : trail.Status?.Selectors?.Hash,
            AttachedSelectors = attached.Count,
            DetectionsHash = problems.Count == 0 ? AgentFiles.Hash(AgentFiles.DetectionsJson(trail, inputs.RuleFiles)) : trail.Status?.Detections?.Hash,
            Rules = problems.Count == 0 ? AgentFiles.Detections(trail, inputs.RuleFiles).Effective() : null,
        };
        return new(view, problems.Count == 0 ? AgentManifests.Build(trail, inputs) : []);
    }

    IEnumerable<AgentView> AgentsOf(Trail trail) =>
        from pod in known.Pods.Objects
        where Labels.TrailOf(pod) == trail.Metadata.Name && pod.Metadata.DeletionTimestamp is null
        select new AgentView(pod, agents.ReportOf(pod.Key));
}
