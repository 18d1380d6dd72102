using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Cache;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Operator.Agents;

/// <summary>The key that an agent shares with the operator.</summary>
static class AgentKeys
{
    /// <returns>
    /// Nothing for a pod that was made before there were keys. Empty while there is no Secret: then nobody can sign.
    /// </returns>
    public static byte[]? Find(ClusterCache cache, V1Pod pod, string trail)
    {
        if (pod.LabelMap.GetValueOrDefault(AgentLabels.Answers) != AgentLabels.Signed)
            return null;
        var secret = cache.Secrets.Find(new(pod.Metadata.NamespaceProperty, new AgentNames(trail).StatusKey));
        return secret is not null && StatusKeySecret.IsKey(secret, StatusKeySecret.Key) ? secret.Data[StatusKeySecret.Key] : [];
    }
}
