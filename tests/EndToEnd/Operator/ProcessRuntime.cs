using ClusterTrail.Testing.Nodes;

namespace ClusterTrail.EndToEnd.Operator;

/// <summary>
/// Runs this build's agent for every pod, as a process with the arguments, environment and mounts of the pod's container.
/// </summary>
/// <remarks>
/// The mounts are real ones, in a mount namespace of the process, which needs root. All pods share this machine's network and, apart from
/// <paramref name="ownFolders"/>, its disk. There is no image: the program is this build's.
/// </remarks>
/// <param name="folder">Where volumes, logs and the nodes' own folders are.</param>
/// <param name="ownFolders">Folders that each node has its own of, such as that of the agents' state.</param>
sealed class ProcessRuntime(string folder, params IReadOnlyList<string> ownFolders) : IPodRuntime
{
    int started;

    /// <summary>How many processes were started.</summary>
    public int Started => started;

    public HostPathKind Look(string node, string path)
    {
        var here = PathOf(node, path);
        return Directory.Exists(here) ? HostPathKind.Folder : File.Exists(here) ? HostPathKind.File : HostPathKind.Missing;
    }

    public void MakeFolder(string node, string path) => Directory.CreateDirectory(PathOf(node, path));

    public Task<IPodProcess> StartAsync(PodLaunch launch, CancellationToken cancellationToken)
    {
        var volumes = new ProcessVolumes(Path.Combine(folder, "pods", launch.Pod.Metadata.Uid!), launch.Ip);
        volumes.Write(launch.Volumes);
        var log = Path.Combine(folder, $"{launch.Pod.Metadata.Name}-{Interlocked.Increment(ref started)}.log");
        return Task.FromResult<IPodProcess>(PodProcess.Start(launch, FolderOf, volumes, log));

        string FolderOf(PodVolume volume) => volume.HostPath is { } path ? PathOf(launch.Node, path) : volumes.PathOf(volume);
    }

    /// <summary>Where a node's path is on this machine.</summary>
    public string PathOf(string node, string path) =>
        ownFolders.Any(own => path == own || path.StartsWith($"{own}/", StringComparison.Ordinal)) ? $"{folder}/nodes/{node}{path}" : path;
}
