namespace ClusterTrail.Agent.Sources.Processes;

/// <summary>The names in the kubelet's log folders.</summary>
interface IPodFolders
{
    /// <summary>The names in <c>/var/log/containers</c>; none when there is no such folder.</summary>
    IEnumerable<string> ListLinks();

    /// <summary>The names in <c>/var/log/pods</c>; none when there is no such folder.</summary>
    IEnumerable<string> ListPods();

    /// <summary>The names in the folder of a pod.</summary>
    /// <param name="pod">One of <see cref="ListPods"/>.</param>
    IReadOnlyList<string> ListContainers(string pod);
}
