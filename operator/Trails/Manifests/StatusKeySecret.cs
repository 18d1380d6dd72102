using System.Security.Cryptography;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Trails.Manifests;

/// <summary>The key by which a Trail's agents prove to the operator that an answer is theirs: docs/decisions/0019.</summary>
public static class StatusKeySecret
{
    /// <summary>The key's name in the Secret, and of its file.</summary>
    public const string Key = "key";

    public const int Bytes = 32;

    /// <summary>A new one, random.</summary>
    public static V1Secret Build(Trail trail, string @namespace) => new()
    {
        Metadata = new()
        {
            Name = new AgentNames(trail.Metadata.Name).StatusKey,
            NamespaceProperty = @namespace,
            Labels = AgentLabels.Of(trail.Metadata.Name).ToDictionary(),
            OwnerReferences = [AgentObject.OwnerReference(trail)],
        },
        Type = "Opaque",
        Data = new Dictionary<string, byte[]> { [Key] = RandomNumberGenerator.GetBytes(Bytes) },
    };

    /// <summary>Whether this is the one value of a Secret that the operator needs to know.</summary>
    public static bool IsKey(V1Secret secret, string name) =>
        name == Key && AgentLabels.TrailOf(secret) is { } trail && secret.Metadata.Name == new AgentNames(trail).StatusKey
            && secret.Data?.TryGetValue(Key, out var value) == true && value.Length == Bytes;
}
