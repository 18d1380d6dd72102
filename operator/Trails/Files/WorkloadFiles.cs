using System.Text;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Trails.Files;

/// <summary>The files that a Trail's agents of workloads read: what they say, their texts and their hashes, each made once.</summary>
public sealed class WorkloadFiles
{
    /// <summary>How long a batch with little in it stays open: thousands of idle nodes must not write an object each a minute.</summary>
    public const int QuietSeconds = 900;

    const string OutputSource = "containers";
    const string ProcessSource = "processes";

    /// <summary>What the chain of digests of these agents is called.</summary>
    public const string WorkloadsChain = "workloads";

    const int Rarer = 12;
    const int LongestInterval = 3600;

    WorkloadFiles(Trail trail, AgentFiles files, WorkloadsAsked own, IReadOnlyList<WrittenWorkloads> attached, bool keepsProcesses)
    {
        var processes = Namespaces(own, attached);
        HasProcesses = keepsProcesses || processes is null or { Count: > 0 };
        RulesJson = Rules(own, attached);
        LabelKeys = [.. own.LabelKeys.Concat(attached.SelectMany(one => one.LabelKeys)).Distinct().Order(StringComparer.Ordinal)];
        ProcessesJson = HasProcesses ? Processes(processes, own, attached) : null;
        Detections = HasProcesses ? ProcessRules(files.Detections) : null;
        DetectionsJson = Detections is null ? null : Text(Contracts.WriteCompact(Detections));
        DetectionsHash = DetectionsJson is null ? null : AgentFiles.Hash(DetectionsJson);
        Configuration = Configure(trail, files.Configuration);
        AgentJson = AgentFiles.TextOf(Configuration);
        StartHash = AgentFiles.Hash(trail.Spec.Logging ? AgentJson : AgentFiles.TextOf(Configuration with { Logging = true }));
    }

    public AgentConfiguration Configuration { get; }

    /// <summary>The text of <c>agent.json</c>.</summary>
    public string AgentJson { get; }

    /// <summary>The hash of what agents read of <c>agent.json</c> only when they start.</summary>
    public string StartHash { get; }

    /// <summary>The text of <c>workloads.json</c>: the rules for what containers write.</summary>
    public string RulesJson { get; }

    /// <summary>The text of <c>processes.json</c>: the namespaces whose processes are recorded; null if no processes are.</summary>
    public string? ProcessesJson { get; }

    /// <summary>The rules for processes that the Trail chooses; null if no processes are recorded.</summary>
    public DetectionsFile? Detections { get; }

    public string? DetectionsJson { get; }

    public string? DetectionsHash { get; }

    /// <summary>Whether agents are able to record processes.</summary>
    public bool HasProcesses { get; }

    /// <summary>The labels of pods that agents need to know.</summary>
    public IReadOnlyList<string> LabelKeys { get; }

    /// <summary>What the files take of a ConfigMap.</summary>
    public int Bytes => new[] { AgentJson, RulesJson, ProcessesJson, DetectionsJson }.OfType<string>().Sum(Encoding.UTF8.GetByteCount);

    /// <summary>The files; null if nothing is asked for, so that there are to be no such agents.</summary>
    /// <param name="trail">The Trail.</param>
    /// <param name="files">Those of its other agents.</param>
    /// <param name="own">What the Trail asks for.</param>
    /// <param name="attached">What TrailSelectors ask for, the oldest first.</param>
    /// <param name="keepsProcesses">Whether agents stay able to record processes, those of no namespace, although nothing asks for any.</param>
    public static WorkloadFiles? Of(
        Trail trail, AgentFiles files, WorkloadsAsked own, IReadOnlyList<WrittenWorkloads> attached, bool keepsProcesses = false) =>
        trail.Spec.Workloads.Count == 0 && !attached.Any(one => one.Processes.Length > 0 || one.Output.Length > 0)
            ? null
            : new(trail, files, own, attached, keepsProcesses);

    /// <summary>Whether anything asks for processes.</summary>
    public static bool AsksForProcesses(WorkloadsAsked own, IReadOnlyList<WrittenWorkloads> attached) =>
        Namespaces(own, attached) is null or { Count: > 0 };

    static IReadOnlyList<string>? Namespaces(WorkloadsAsked own, IReadOnlyList<WrittenWorkloads> attached) => own.Processes is null ? null :
        [
            .. own.Processes.Concat(attached.Where(one => one.Processes.Length > 0).Select(one => one.Namespace)).Distinct()
                .Order(StringComparer.Ordinal),
        ];

    static string Rules(WorkloadsAsked own, IReadOnlyList<WrittenWorkloads> attached)
    {
        return $"{{\"rules\":{List(WrittenWorkloads.Write(own.Output, Contracts.WriteCompact), attached.Select(one => one.Output))}}}";
    }

    // Without rules, all containers of the namespaces are recorded.
    static string Processes(IReadOnlyList<string>? namespaces, WorkloadsAsked own, IReadOnlyList<WrittenWorkloads> attached)
    {
        var file = Text(Contracts.WriteCompact(new ProcessesFile { Namespaces = namespaces }));
        if (!own.ProcessRules.Any(WrittenWorkloads.IsNarrowed) && !attached.Any(one => one.IsNarrow))
            return file;
        var rules = List(WrittenWorkloads.Write(own.ProcessRules, Contracts.WriteCompact), attached.Select(one => one.Processes));
        return namespaces is null ? $"{{\"rules\":{rules}}}" : $"{file[..^1]},\"rules\":{rules}}}";
    }

    static string List(byte[] own, IEnumerable<byte[]> attached) =>
        $"[{string.Join(',', attached.Prepend(own).Where(rules => rules.Length > 0).Select(Text))}]";

    /// <summary>
    /// How often these agents seal digests where those of the API server do so at this interval: there are many, and each has little to
    /// say, so that their digests would be a large part of the bill (docs/scale.md).
    /// </summary>
    public static int IntervalOf(int intervalSeconds) => Math.Min(LongestInterval, intervalSeconds * Rarer);

    AgentConfiguration Configure(Trail trail, AgentConfiguration common) => common with
    {
        Sources = [.. Sources(trail)],
        Selectors = null,
        Detections = Detections is null ? null : AgentPaths.DetectionsFile,
        // A node may have an agent of each kind, and each has a chain of its own.
        Integrity = common.Integrity! with
        {
            Chain = WorkloadsChain,
            IntervalSeconds = IntervalOf(common.Integrity!.IntervalSeconds),
        },
        Batch = common.Batch with { MaxQuietAgeSeconds = Math.Max(QuietSeconds, common.Batch.MaxAgeSeconds) },
    };

    IEnumerable<SourceConfiguration> Sources(Trail trail)
    {
        yield return new()
        {
            Name = OutputSource,
            Type = SourceType.Containers,
            Containers = new()
            {
                Path = AgentPaths.PodLogs,
                DockerPath = trail.Spec.WorkloadAgent.DockerContainers,
                RulesFile = AgentPaths.WorkloadsFile,
            },
        };
        if (HasProcesses)
        {
            yield return new()
            {
                Name = ProcessSource,
                Type = SourceType.Processes,
                Processes = new()
                {
                    NamespacesFile = AgentPaths.ProcessesFile,
                    EventsPerSecond = trail.Spec.WorkloadAgent.ProcessesPerSecond,
                    PodLogsPath = AgentPaths.PodLogs,
                    ContainerLogsPath = AgentPaths.ContainerLogs,
                },
            };
        }
    }

    // An agent of workloads sees no audit events: what rules for them would find is not among its sources.
    static DetectionsFile ProcessRules(DetectionsFile all)
    {
        var rules = all.Rules.Where(IsOfProcesses).ToList();
        var known = Packs.Rules.Where(IsOfProcesses).Concat(rules).Select(rule => rule.Name).ToHashSet();
        return all with
        {
            Packs = [.. all.Packs.Where(name => Packs.All.Any(pack => pack.Name == name && pack.Content.Rules.Any(IsOfProcesses)))],
            Enable = [.. all.Enable.Where(known.Contains)],
            Disable = [.. all.Disable.Where(known.Contains)],
            Rules = rules,
        };
    }

    static bool IsOfProcesses(DetectionRule rule) => rule.Source == RuleSource.Process;

    static string Text(byte[] json) => Encoding.UTF8.GetString(json);
}
