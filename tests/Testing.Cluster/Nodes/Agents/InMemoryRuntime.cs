using System.Collections.Concurrent;

namespace ClusterTrail.Testing.Nodes.Agents;

/// <summary>Runs agents in memory, on nodes whose disks are as tests say. A folder is there unless a test says otherwise.</summary>
sealed class InMemoryRuntime(TimeProvider time) : IPodRuntime
{
    readonly ConcurrentDictionary<(string Node, string Path), HostPathKind> paths = new();
    readonly ConcurrentDictionary<(string Node, string Trail), ScriptedAgent> scripts = new();

    public ScriptedAgent AgentOf(string node, string trail) => scripts.GetOrAdd((node, trail), _ => new());

    public void Put(string node, string path, HostPathKind kind) => paths[(node, path)] = kind;

    public HostPathKind Look(string node, string path) => paths.GetValueOrDefault((node, path), HostPathKind.Folder);

    public void MakeFolder(string node, string path) => paths[(node, path)] = HostPathKind.Folder;

    public async Task<IPodProcess> StartAsync(PodLaunch launch, CancellationToken cancellationToken)
    {
        var configuration = MountedConfiguration.Of(launch, launch.Volumes);
        var trail = (string?)configuration.Agent?["trail"] ?? "";
        var script = AgentOf(launch.Node, configuration.RecordsWorkloads ? NodeWorld.WorkloadsOf(trail) : trail);
        var process = new AgentProcess(launch, configuration, script, time);
        (script.Running, script.Started) = (process, script.Started + 1);
        await process.StartAsync();
        return process;
    }
}
