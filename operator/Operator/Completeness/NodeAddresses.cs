using k8s.Models;

namespace ClusterTrail.Operator.Completeness;

/// <summary>Says which node has an address. Pure.</summary>
static class NodeAddresses
{
    /// <summary>Its name; null if none has it. A node that is gone may have left its address to another: then the one that is ready.</summary>
    public static string? NodeOf(string address, IEnumerable<V1Node> nodes) => nodes
        .Where(node => node.Status?.Addresses?.Any(one => one.Type == "InternalIP" && one.Address == address) == true)
        .OrderByDescending(IsReady).ThenByDescending(node => node.Metadata.CreationTimestamp)
        .FirstOrDefault()?.Metadata.Name;

    static bool IsReady(V1Node node) =>
        node.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;
}
