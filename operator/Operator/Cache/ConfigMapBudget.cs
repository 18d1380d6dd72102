using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Operator.Cache;

/// <summary>
/// Which ConfigMaps are kept with what they contain: not those that the operator has made, and of others so much in total. Who has a place
/// keeps it.
/// </summary>
sealed class ConfigMapBudget(long most = ConfigMapBudget.Default)
{
    /// <summary>Recipients, authorities and rule files have kilobytes.</summary>
    public const long Default = 16 << 20;

    readonly Lock guard = new();
    readonly Dictionary<ObjectKey, long> taken = [];
    long total;

    public V1ConfigMap Keep(V1ConfigMap map)
    {
        var kept = new V1ConfigMap { Metadata = Kept.Metadata(map.Metadata) };
        if (AgentLabels.TrailOf(map) is not null || map.Data is null)
        {
            Remove(map.Key);
            return kept;
        }

        return Take(map.Key, map.Data.Sum(pair => 2L * (pair.Key.Length + pair.Value.Length)))
            ? kept with { Data = map.Data }
            : kept with { Metadata = kept.Metadata with { Annotations = TooLarge } };
    }

    /// <summary>Whether the ConfigMap contains something that is not kept.</summary>
    public static bool IsLeftOut(V1ConfigMap map) => ReferenceEquals(map.Metadata.Annotations, TooLarge);

    public void Remove(ObjectKey map)
    {
        lock (guard)
        {
            if (taken.Remove(map, out var bytes))
                total -= bytes;
        }
    }

    bool Take(ObjectKey map, long bytes)
    {
        lock (guard)
        {
            var rest = total - taken.GetValueOrDefault(map);
            if (rest + bytes > most)
            {
                total = rest;
                taken.Remove(map);
                return false;
            }

            (total, taken[map]) = (rest + bytes, bytes);
            return true;
        }
    }

    static Dictionary<string, string> TooLarge { get; } = [];
}
