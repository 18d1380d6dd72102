namespace ClusterTrail.Testing.Nodes;

/// <summary>What runs the processes of pods, and the disks of the nodes.</summary>
public interface IPodRuntime
{
    /// <summary>What is at a path of a node.</summary>
    HostPathKind Look(string node, string path);

    /// <summary>Makes a folder on a node, and those around it.</summary>
    void MakeFolder(string node, string path);

    /// <summary>Starts a pod's container.</summary>
    Task<IPodProcess> StartAsync(PodLaunch launch, CancellationToken cancellationToken);
}
