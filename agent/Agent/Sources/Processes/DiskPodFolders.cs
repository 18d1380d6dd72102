namespace ClusterTrail.Agent.Sources.Processes;

/// <summary>The kubelet's log folders on this node.</summary>
sealed class DiskPodFolders(string links, string pods) : IPodFolders
{
    public IEnumerable<string> ListLinks() => List(links);

    public IEnumerable<string> ListPods() => List(pods);

    public IReadOnlyList<string> ListContainers(string pod) => [.. List(Path.Combine(pods, pod))];

    static IEnumerable<string> List(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path))
        : [];
}
