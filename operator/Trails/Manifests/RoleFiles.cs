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

    /// <summary>Capabilities in addition to reading every file.</summary>
    public IEnumerable<string> Capabilities(Trail trail) => (HasProcesses, trail.Spec.WorkloadAgent.SysAdmin) switch
    {
        (false, _) => [],
        (true, false) => ["BPF", "PERFMON"],
        (true, true) => ["BPF", "PERFMON", "SYS_ADMIN", "SYS_RESOURCE"],
    };
}
