using ClusterTrail.Agent.Sources.Processes;

namespace ClusterTrail.Agent.Tests.Sources.Processes;

/// <summary>The names that a kubelet would have made.</summary>
sealed class InMemoryPodFolders : IPodFolders
{
    readonly Dictionary<string, List<string>> pods = [];
    readonly List<string> links = [];

    /// <summary>How often the folders were listed.</summary>
    public int Listings { get; private set; }

    public InMemoryPodFolders WithPod(string space, string pod, string uid, params string[] containers)
    {
        pods[$"{space}_{pod}_{uid}"] = [.. containers];
        return this;
    }

    public InMemoryPodFolders WithLink(string pod, string space, string container, string id)
    {
        links.Add($"{pod}_{space}_{container}-{id}.log");
        return this;
    }

    public InMemoryPodFolders WithName(string name)
    {
        links.Add(name);
        pods[name] = [name];
        return this;
    }

    public IEnumerable<string> ListLinks()
    {
        Listings++;
        return links;
    }

    public IEnumerable<string> ListPods() => pods.Keys;

    public IReadOnlyList<string> ListContainers(string pod) => pods[pod];
}
