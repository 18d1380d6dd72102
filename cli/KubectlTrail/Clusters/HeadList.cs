using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.History.Reading;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Manifests;
using k8s.Models;

namespace ClusterTrail.Kubectl.Clusters;

/// <summary>The newest digests that the operator knows of, for <c>kubectl trail verify --heads</c>.</summary>
static class HeadList
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The file's text.</summary>
    /// <param name="cluster">Where the Trails are; asked for the nodes that a status has no room for.</param>
    /// <param name="namespace">The operator's.</param>
    internal static async Task<string> TextAsync(
        ClusterReader cluster, IReadOnlyList<Trail> trails, string @namespace, CancellationToken cancellationToken)
    {
        var heads = new List<JsonObject>();
        foreach (var trail in trails)
        {
            var shown = OfStatus(trail).ToList();
            heads.AddRange(trail.Status?.Integrity?.Chains > shown.Count
                ? Newest([.. shown, .. await OfMapsAsync(cluster, trail, @namespace, cancellationToken)])
                : shown);
        }

        return new JsonObject { ["heads"] = new JsonArray([.. heads]) }.ToJsonString(Indented) + "\n";
    }

    internal static IEnumerable<JsonObject> OfStatus(Trail trail) =>
        from node in (trail.Status?.Nodes ?? []).Concat(trail.Status?.Workloads?.Agents ?? [])
        where node.Head is not null
        select Head(trail, node.Name, node.Head!);

    /// <summary>Those of a ConfigMap, without nodes that the cluster does not have any more.</summary>
    internal static IEnumerable<JsonObject> OfMap(Trail trail, V1ConfigMap map)
    {
        try
        {
            return
            [
                .. from chain in JsonNode.Parse(map.Data?[ChainMaps.Content] ?? "[]")!.AsArray().OfType<JsonObject>()
                   where chain["goneSince"] is null && chain["sha256"] is not null && (string?)chain["cluster"] == trail.Spec.ClusterName
                   select Head(trail, Member(chain, "node").GetValue<string>(), new()
                   {
                       Chain = Member(chain, "chain").GetValue<string>(),
                       ChainId = Member(chain, "chainId").GetValue<string>(),
                       Sequence = Member(chain, "sequence").GetValue<long>(),
                       Sha256 = Member(chain, "sha256").GetValue<string>(),
                       Until = Member(chain, "until").GetValue<DateTimeOffset>(),
                   }),
            ];
        }
        catch (Exception e) when (
            e is JsonException or InvalidOperationException or FormatException or ArgumentException or KeyNotFoundException)
        {
            throw new TrailException(
                ExitCode.Unreadable, $"ConfigMap {map.Metadata.Name} does not have what the operator wrote there: {e.Message}", e);
        }
    }

    static JsonNode Member(JsonObject chain, string name) => chain[name] ?? throw new FormatException($"a chain has no {name}.");

    internal static IEnumerable<JsonObject> Newest(IReadOnlyList<JsonObject> heads) =>
        from head in heads
        group head by ((string)head["node"]!, (string)head["chain"]!, (string)head["chainId"]!) into same
        orderby same.Key
        select same.MaxBy(head => (long)head["sequence"]!)!;

    static async Task<IEnumerable<JsonObject>> OfMapsAsync(
        ClusterReader cluster, Trail trail, string @namespace, CancellationToken cancellationToken)
    {
        var heads = new List<JsonObject>();
        for (var number = 0; number < ChainMaps.Count; number++)
        {
            var name = ChainMaps.NameOf(trail.Metadata.Name, number);
            if (await cluster.FindAsync<V1ConfigMap>(new(@namespace, name), cancellationToken) is { } map)
                heads.AddRange(OfMap(trail, map));
        }

        return heads;
    }

    static JsonObject Head(Trail trail, string node, TrailHead head) => new()
    {
        ["cluster"] = trail.Spec.ClusterName,
        ["trail"] = trail.Metadata.Name,
        ["node"] = node,
        ["chain"] = head.Chain,
        ["chainId"] = head.ChainId,
        ["sequence"] = head.Sequence,
        ["sha256"] = head.Sha256,
        ["until"] = head.Until,
    };
}
