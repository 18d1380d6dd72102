using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Operator.Chains;

/// <summary>
/// The ConfigMaps that keep the chains of a Trail: each has those of a share of the nodes, so that all fit, and a change writes few bytes.
/// </summary>
/// <remarks>
/// The Trail does not own them: like the archive, they outlive it, so that deleting a Trail does not erase how far it was.
/// </remarks>
sealed class ChainShards(ICluster cluster, string @namespace)
{
    // The API server takes 1 MiB of a ConfigMap.
    const int MostBytes = 1_000_000;

    static readonly ResourceType Type = ResourceType.Of<V1ConfigMap>();

    /// <summary>Which of them has a node's chains.</summary>
    public static int Of(string node) => SHA256.HashData(Encoding.UTF8.GetBytes(node))[0] % ChainMaps.Count;

    /// <exception cref="InvalidDataException">One of them is damaged; the message names it.</exception>
    public async Task<IReadOnlyList<KnownChain>> LoadAsync(string trail, CancellationToken cancellationToken)
    {
        var names = Enumerable.Range(0, ChainMaps.Count).Select(shard => ChainMaps.NameOf(trail, shard)).ToHashSet();
        var query = new ListQuery(@namespace, LabelSelector: $"{AgentLabels.Trail}={trail}");
        var maps = await cluster.ListAllAsync<V1ConfigMap>(
            Type, query, map => names.Contains(map.Metadata.Name) ? map : null, cancellationToken);
        return [.. maps.Items.SelectMany(map => Read(map))];
    }

    /// <exception cref="InvalidDataException">There are too many.</exception>
    public Task SaveAsync(string trail, int shard, IEnumerable<KnownChain> chains, CancellationToken cancellationToken)
    {
        var name = ChainMaps.NameOf(trail, shard);
        var text = JsonSerializer.Serialize(
            [.. chains.OrderBy(chain => chain.Node, StringComparer.Ordinal).ThenBy(chain => chain.Chain, StringComparer.Ordinal)],
            ChainsJson.Default.ListKnownChain);
        if (Encoding.UTF8.GetByteCount(text) > MostBytes)
        {
            throw new InvalidDataException(
                $"The chains of digests of too many nodes would have to be kept in ConfigMap {@namespace}/{name}.");
        }

        return cluster.ApplyAsync(
            new(Type, new()
            {
                ["metadata"] = new JsonObject
                {
                    ["name"] = name,
                    ["namespace"] = @namespace,
                    ["labels"] = new JsonObject { [AgentLabels.ManagedBy] = AgentLabels.Operator, [AgentLabels.Trail] = trail },
                },
                ["data"] = new JsonObject { [ChainMaps.Content] = text },
            }),
            cancellationToken);
    }

    static List<KnownChain> Read(V1ConfigMap map)
    {
        try
        {
            var chains = map.Data?.TryGetValue(ChainMaps.Content, out var text) == true
                ? JsonSerializer.Deserialize(text, ChainsJson.Default.ListKnownChain) ?? []
                : [];
            // A list may hold null, whatever its type says.
            return chains.Any(chain => chain is null || chain.Pending.Any(record => record is null)
                || chain.OperatorKeys.Any(key => key is null))
                ? throw new JsonException("It has null in place of a chain.")
                : chains;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                $"ConfigMap {map.Key} does not have what the operator wrote there: {e.Message} Restore it from a copy, or delete it: "
                    + "the operator then enrols the keys of its nodes anew, and has forgotten how far their chains were.",
                e);
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(List<KnownChain>))]
sealed partial class ChainsJson : JsonSerializerContext;
