namespace ClusterTrail.Verification.Stores;

/// <summary>A node of a Trail of a cluster.</summary>
public sealed record ArchiveNode(string Cluster, string Trail, string Node)
{
    /// <summary>By cluster, Trail and node; what is about no node comes first.</summary>
    public static IComparer<ArchiveNode?> Order { get; } = Comparer<ArchiveNode?>.Create((one, other) =>
        (one is null, other is null) switch
        {
            (true, _) or (_, true) => (other is null).CompareTo(one is null),
            _ when string.CompareOrdinal(one!.Cluster, other!.Cluster) is not 0 and var byCluster => byCluster,
            _ when string.CompareOrdinal(one.Trail, other.Trail) is not 0 and var byTrail => byTrail,
            _ => string.CompareOrdinal(one.Node, other.Node),
        });

    public override string ToString() => $"{Cluster}/{Trail}/{Node}";

    internal string KeysFolder => $"keys/cluster={Cluster}/trail={Trail}/node={Node}/";

    internal string DigestsFolder(string date) => $"digests/cluster={Cluster}/trail={Trail}/date={date}/node={Node}/";

    internal string EventsFolder(string date) => $"events/cluster={Cluster}/trail={Trail}/date={date}/node={Node}/";
}
