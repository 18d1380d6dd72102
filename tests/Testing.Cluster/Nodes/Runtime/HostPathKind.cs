namespace ClusterTrail.Testing.Nodes;

/// <summary>What is at a path of a node.</summary>
public enum HostPathKind
{
    Missing,
    Folder,
    File,
}
