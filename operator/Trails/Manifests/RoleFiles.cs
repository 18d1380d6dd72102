using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;

namespace ClusterTrail.Trails.Manifests;

/// <summary>What the objects of one role are made of.</summary>
/// <param name="Agent">How its pods are made.</param>
/// <param name="StartHash">Of what agents read only when they start.</param>
/// <param name="GraceSeconds">How long a stopping agent uploads.</param>
/// <param name="Files">The files in its ConfigMap.</param>
/// <param name="HasProcesses">Whether its agents record processes.</param>
sealed record RoleFiles(
    AgentRole Role, AgentSpec Agent, string StartHash, int GraceSeconds, IReadOnlyDictionary<string, string> Files, bool HasProcesses)
{
    public static RoleFiles Of(Trail trail, AgentFiles files) => new(
        AgentRole.ApiServer, trail.Spec.AgentOf(AgentRole.ApiServer), files.StartHash, files.Configuration.ShutdownGraceSeconds,
        new Dictionary<string, string>
        {
            [AgentPaths.AgentFile] = files.AgentJson,
            [AgentPaths.SelectorsFile] = files.SelectorsJson,
            [AgentPaths.DetectionsFile] = files.DetectionsJson,
        },
        HasProcesses: false);

    public static RoleFiles Of(Trail trail, WorkloadFiles files)
    {
        var texts = new Dictionary<string, string>
        {
            [AgentPaths.AgentFile] = files.AgentJson,
            [AgentPaths.WorkloadsFile] = files.RulesJson,
        };
        if (files is { ProcessesJson: { } processes, DetectionsJson: { } detections })
            (texts[AgentPaths.ProcessesFile], texts[AgentPaths.DetectionsFile]) = (processes, detections);
        return new(
            AgentRole.Workloads, trail.Spec.AgentOf(AgentRole.Workloads), files.StartHash, files.Configuration.ShutdownGraceSeconds, texts,
            files.HasProcesses);
    }

    public string ConfigMap(Trail trail) => new AgentNames(trail.Metadata.Name).ConfigMap(Role);

    public string DaemonSet(Trail trail) => new AgentNames(trail.Metadata.Name).DaemonSetOf(Role);

    /// <summary>Whether it is the one agent that reads for all API servers.</summary>
    public bool IsCollected(Trail trail) => Role == AgentRole.ApiServer && trail.Spec.Sources.ApiServer.IsCollected();

    /// <summary>The rights that its agents keep.</summary>
    /// <remarks>
    /// The log has mode 0600 and may be another user's than root's: reading it is the one right that stays. Processes take what loads a
    /// program into the kernel. Who reads no file of a node needs none.
    /// </remarks>
    public IEnumerable<string> Capabilities(Trail trail) => (HasProcesses, trail.Spec.WorkloadAgent.SysAdmin) switch
    {
        _ when IsCollected(trail) => [],
        (false, _) => ["DAC_READ_SEARCH"],
        (true, false) => ["DAC_READ_SEARCH", "BPF", "PERFMON"],
        (true, true) => ["DAC_READ_SEARCH", "BPF", "PERFMON", "SYS_ADMIN", "SYS_RESOURCE"],
    };
}
