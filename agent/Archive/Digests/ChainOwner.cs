namespace ClusterTrail.Archive.Digests;

/// <summary>Whose chain of digests it is: one agent's, on a node, of a Trail, of a cluster.</summary>
/// <param name="Chain">Tells apart several agents of one Trail on a node.</param>
public sealed record ChainOwner(string Cluster, string Trail, string Node, string Chain);
