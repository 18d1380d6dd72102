using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;
using k8s.Models;

namespace ClusterTrail.Trails.Manifests;

/// <summary>The certificates of agents that receive audit events: what they are called, and how a pod has them.</summary>
/// <remarks>
/// The operator may create Secrets and change none. So a server certificate that follows another is a Secret of its own, which the pods
/// name beforehand as optional: it reaches them without a restart.
/// </remarks>
public static class ReceiverSecrets
{
    public const string Certificate = "tls.crt";
    public const string Key = "tls.key";
    public const string Authorities = AgentPaths.ReceiverAuthorities;
    public const string AuthorityKey = "ca.key";

    /// <summary>How many server certificates may follow each other.</summary>
    public const int Generations = 8;

    const int OwnerReads = 256; // 0400

    /// <summary>The authority that signs the others, with its key. No pod has the key.</summary>
    public static string Authority(string trail) => $"{new AgentNames(trail).Shared}-receiver-ca";

    /// <summary>The certificate that API servers show.</summary>
    public static string Client(string trail) => $"{new AgentNames(trail).Shared}-receiver-client";

    /// <param name="generation">From 1 on.</param>
    public static string Server(string trail, int generation) => $"{new AgentNames(trail).Shared}-receiver-{generation}";

    /// <summary>The secret part of the path at which admission asks.</summary>
    public static string Admission(string trail) => $"{new AgentNames(trail).Shared}-admission";

    /// <summary>The key of it.</summary>
    public const string Token = AgentPaths.PathToken;

    public static V1Secret Build(Trail trail, ObjectKey key, Dictionary<string, byte[]> data) => new()
    {
        Metadata = new()
        {
            Name = key.Name,
            NamespaceProperty = key.Namespace,
            Labels = AgentLabels.Of(trail.Metadata.Name).ToDictionary(),
            OwnerReferences = [AgentObject.OwnerReference(trail)],
        },
        Type = "Opaque",
        Data = data,
    };

    internal static AgentVolume Volume(Trail trail, CalledPort called) => AgentVolume.Of(
        "receiver", AgentPaths.Receiver, "projected",
        new() { ["defaultMode"] = OwnerReads, ["sources"] = new JsonArray([.. Sources(trail, called)]) }).ReadOnly();

    static IEnumerable<JsonNode> Sources(Trail named, CalledPort called)
    {
        var trail = named.Metadata.Name;
        if (named.Spec.Sources.ApiServer.Asked() is not null)
            yield return Secret(Admission(trail), (Token, Token));
        if (called.CertificateSecretName is { } given)
        {
            yield return Secret(given, (Certificate, "1.crt"), (Key, "1.key"), (Authorities, Authorities));
            yield break;
        }

        yield return Secret(Authority(trail), (Authorities, Authorities));
        for (var generation = 1; generation <= Generations; generation++)
        {
            var source = Secret(Server(trail, generation), (Certificate, $"{generation}.crt"), (Key, $"{generation}.key"));
            if (generation > 1)
                source["secret"]!["optional"] = true;
            yield return source;
        }
    }

    static JsonObject Secret(string name, params (string Key, string Path)[] items) => new()
    {
        ["secret"] = new JsonObject
        {
            ["name"] = name,
            ["items"] = new JsonArray([.. items.Select(item => new JsonObject { ["key"] = item.Key, ["path"] = item.Path })]),
        },
    };
}
