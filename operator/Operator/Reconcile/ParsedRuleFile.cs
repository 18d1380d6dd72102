using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Files;
using k8s.Models;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>A rule file out of a ConfigMap, or why it is none.</summary>
sealed record ParsedRuleFile(TrailRuleFile? File, string? Problem)
{
    // A resource is never changed, only replaced: what was read out of it holds for as long as it lives.
    static readonly ConditionalWeakTable<V1ConfigMap, ConcurrentDictionary<string, ParsedRuleFile>> Known = [];

    public static ParsedRuleFile Of(V1ConfigMap map, string key) => Known.GetOrCreateValue(map).GetOrAdd(key, _ => Parse(map, key));

    static ParsedRuleFile Parse(V1ConfigMap map, string key)
    {
        try
        {
            return new(TrailRuleFile.Parse($"{map.Key}", key, map.Data![key]), null);
        }
        catch (ConfigurationException e)
        {
            return new(null, e.Message);
        }
    }
}
