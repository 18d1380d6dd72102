using System.Globalization;

namespace ClusterTrail.Trails.Manifests;

/// <summary>The ConfigMaps in which the operator keeps the chains of a Trail's agents: docs/decisions/0029.</summary>
public static class ChainMaps
{
    /// <summary>How many there are of a Trail, at most: each has the chains of a share of the nodes.</summary>
    public const int Count = 32;

    /// <summary>The key of a ConfigMap's content: a list of chains in JSON.</summary>
    public const string Content = "chains.json";

    /// <summary>No object of a Trail has such a name, whatever the Trail is called.</summary>
    public static string NameOf(string trail, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"clustertrail.chains.{trail}.{number:D2}");
}
