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
    readonly ProcessesSettle settle = new(time);

    /// <param name="trail">With the status that was found last.</param>
    /// <param name="attached">What TrailSelectors add to it.</param>
    public TrailSnapshot Build(Trail trail, AttachedRules attached)
    {
        var references = References.Check(trail, cache, options.Namespace);
        var own = AgentFiles.Of(trail, references.RuleFiles);
        var invalid = TrailProblems.Of(trail, own, isWhole: references.RuleFiles is not null).Select(problem =>
            new Rejection("InvalidSpec", problem)).ToList();
        var (workloads, keptUntil) = options.Workloads && HasValid(trail, invalid) ? Workloads(trail, own, attached) : default;
        IReadOnlyList<Rejection> problems = [.. invalid, .. TooLarge(workloads), .. references.Problems];
        var files = problems.Count == 0 ? own.WithWritten(attached.Sets) : null;
        var set = cache.SetOf(trail.Metadata.Name, AgentRole.ApiServer);
        var view = new TrailView
        {
            Trail = trail,
            Now = time.GetUtcNow(),
            Poll = options.Poll,
            DeletionDeadline = trail.Metadata.DeletionTimestamp + options.DeletionGrace,
            Namespace = options.Namespace,
            Problems = problems,
            Set = set,
            Refusal = nodes.RefusalOf(set),
            Nodes = nodes.Of(trail, AgentRole.ApiServer),
            SelectorsHash = files is null ? trail.Status?.Selectors?.Hash : files.SelectorsHash,
            SelectorsJson = files?.SelectorsJson,
            AttachedSelectors = attached.Count,
            OverQuota = attached.OverQuota,
            LeftOut = [.. cache.NamespacesLeftOut.Where(name => cache.SelectorIndex.TrailsOf(name).Contains(trail.Metadata.Name))],
            DetectionsHash = files is null ? trail.Status?.Detections?.Hash : files.DetectionsHash,
            Rules = files?.Detections.Effective(),
            NamespacesLeftOut = cache.LabelledNamespaces.Of(trail.Metadata.Name)?.LeftOut ?? 0,
            ControllersLeftOut = trail.Spec.Enrichment?.OwnerLabels is { Count: > 0 } ? cache.Owners.LeftOut : [],
            HasForbiddenWorkloads = !options.Workloads && trail.Spec.Workloads.Count > 0,
        };
        view = view with { Workloads = Workloads(view, workloads, isKnown: files is not null) };
        view = keptUntil is null || view.Workloads is not { } shown ? view
            : view with { Workloads = shown with { ProcessesKeptUntil = keptUntil } };
        return new(view, files is null ? [] : AgentManifests.Build(trail, files, Inputs(references), workloads))
        {
            PodLabels = workloads?.LabelKeys ?? [],
            NeedsPods = workloads?.Configuration.Enrichment is not null,
            Enrichment = workloads is null && trail.Spec.Enrichment is { } asked
                ? asked with { OwnerLabels = null }
                : trail.Spec.Enrichment,
        };
    }

    (WorkloadFiles? Files, DateTimeOffset? KeptUntil) Workloads(Trail trail, AgentFiles own, AttachedRules attached)
    {
        var asked = WorkloadsAsked.Of(trail.Spec, cache.NamespaceLabels());
        var until = settle.Until(trail, WorkloadFiles.AsksForProcesses(asked, attached.Workloads));
        return (WorkloadFiles.Of(trail, own, asked, attached.Workloads, keepsProcesses: until is not null), until);
    }

    // While the spec cannot be used, agents that run go on as they were.
    TrailView? Workloads(TrailView view, WorkloadFiles? files, bool isKnown)
    {
        var name = new AgentNames(view.Trail.Metadata.Name).DaemonSetOf(AgentRole.Workloads);
        var daemonSet = cache.DaemonSets.Find(new(options.Namespace, name));
        var set = cache.SetOf(view.Trail.Metadata.Name, AgentRole.Workloads);
        var isMade = daemonSet is not null && Ownership.IsOf(daemonSet, view.Trail);
        return files is null && !isMade ? null : view with
        {
            Role = AgentRole.Workloads,
            Set = set,
            Refusal = nodes.RefusalOf(set),
            Nodes = nodes.Of(view.Trail, AgentRole.Workloads, isAsked: files is not null),
            SelectorsHash = files is null ? null : AgentFiles.Hash(files.RulesJson),
            DetectionsHash = files?.DetectionsHash,
            IsUnasked = files is null && isKnown,
            HasProcesses = files?.HasProcesses == true,
        };
    }

    // Namespaces and patterns that are wrong make no files.
    static bool HasValid(Trail trail, List<Rejection> invalid) => trail.Spec.Workloads.Count == 0 || invalid.Count == 0;

    static IEnumerable<Rejection> TooLarge(WorkloadFiles? workloads)
    {
        if (workloads?.Bytes > AgentFiles.MaxBytes)
        {
            yield return new(
                "InvalidSpec",
                "spec.workloads, with the namespaces that match it and with what TrailSelectors ask for, makes a ConfigMap of "
                    + $"{workloads.Bytes} bytes; allowed: entries that fit into {AgentFiles.MaxBytes} bytes. "
                    + "Name namespaces by '*' or in fewer entries.");
        }
    }

    /// <summary>What the agents answered at the last poll. Two of one node count by themselves.</summary>
    public IEnumerable<AgentStatus> ReportsOf(Trail trail) =>
    [
        .. nodes.AgentsOf(trail, AgentRole.ApiServer).Select(agent => agent.Status).OfType<AgentStatus>(),
        .. from status in nodes.AgentsOf(trail, AgentRole.Workloads).Select(agent => agent.Status).OfType<AgentStatus>()
           select status with { Agent = status.Agent with { NodeName = $"{status.Agent.NodeName} (workloads)" } },
    ];

    AgentInputs Inputs(References references) => new()
    {
        Namespace = options.Namespace,
        Image = options.AgentImage,
        TelemetryPeers = options.TelemetryPeers,
        ReferencesHash = references.Hash,
        PodMonitors = cache.IsServed(AgentPodMonitor.Type),
    };
}
