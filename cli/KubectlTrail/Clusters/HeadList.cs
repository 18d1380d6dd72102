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
        var (heads, waiting) = (new List<JsonObject>(), new List<JsonObject>());
        foreach (var trail in trails)
        {
            var (shown, ofMaps) = (OfStatus(trail).ToList(), Enumerable.Empty<V1ConfigMap>());
            if (trail.Status?.Integrity?.Chains > shown.Count)
                ofMaps = await MapsAsync(cluster, trail, @namespace, cancellationToken);
            heads.AddRange(Newest([.. shown, .. ofMaps.SelectMany(map => OfMap(trail, map))]));
            waiting.AddRange(Newest([.. SealedOfStatus(trail), .. ofMaps.SelectMany(map => SealedOfMap(trail, map))]));
        }

        var file = new JsonObject { ["heads"] = new JsonArray([.. heads]) };
        if (waiting.Count > 0)
            file["sealed"] = new JsonArray([.. waiting]);
        return file.ToJsonString(Indented) + "\n";
    }

    internal static IEnumerable<JsonObject> OfStatus(Trail trail) =>
        from node in Nodes(trail)
        where node.Head is not null
        select Head(trail, node.Name, node.Head!);

    internal static IEnumerable<JsonObject> SealedOfStatus(Trail trail) =>
        from node in Nodes(trail)
        where node.Sealed is not null
        select Sealed(trail, node.Name, node.Sealed!);

    /// <summary>Those of a ConfigMap, without nodes that the cluster does not have any more.</summary>
    internal static IEnumerable<JsonObject> OfMap(Trail trail, V1ConfigMap map) => OfMap(
        trail, map, chain => chain["confirmed"] as JsonObject ?? chain,
        (chain, digest) => Head(trail, Member(chain, "node").GetValue<string>(), new()
        {
            Chain = Member(chain, "chain").GetValue<string>(),
            ChainId = Member(chain, "chainId").GetValue<string>(),
            Sequence = Member(digest, "sequence").GetValue<long>(),
            Sha256 = Member(digest, "sha256").GetValue<string>(),
            Until = Member(digest, "until").GetValue<DateTimeOffset>(),
        }));

    /// <summary>What is sealed and may not have arrived, of a ConfigMap.</summary>
    internal static IEnumerable<JsonObject> SealedOfMap(Trail trail, V1ConfigMap map) => OfMap(
        trail, map, chain => chain["waitingSince"] is null ? null : chain,
        (chain, digest) => Sealed(trail, Member(chain, "node").GetValue<string>(), new()
        {
            Chain = Member(chain, "chain").GetValue<string>(),
            ChainId = Member(chain, "chainId").GetValue<string>(),
            Sequence = Member(digest, "sequence").GetValue<long>(),
            Sha256 = Member(digest, "sha256").GetValue<string>(),
            Until = Member(digest, "until").GetValue<DateTimeOffset>(),
            WaitingSince = Member(chain, "waitingSince").GetValue<DateTimeOffset>(),
        }));

    static List<JsonObject> OfMap(
        Trail trail, V1ConfigMap map, Func<JsonObject, JsonObject?> digestOf, Func<JsonObject, JsonObject, JsonObject> listed)
    {
        try
        {
            return
            [
                .. from chain in JsonNode.Parse(map.Data?[ChainMaps.Content] ?? "[]")!.AsArray().OfType<JsonObject>()
                   let digest = digestOf(chain)
                   where chain["goneSince"] is null && digest?["sha256"] is not null && (string?)chain["cluster"] == trail.Spec.ClusterName
                   select listed(chain, digest),
            ];
        }
        catch (Exception e) when (
            e is JsonException or InvalidOperationException or FormatException or ArgumentException or KeyNotFoundException)
        {
            throw new TrailException(
                ExitCode.Unreadable, $"ConfigMap {map.Metadata.Name} does not have what the operator wrote there: {e.Message}", e);
        }
    }

    static IEnumerable<TrailNode> Nodes(Trail trail) => (trail.Status?.Nodes ?? []).Concat(trail.Status?.Workloads?.Agents ?? []);

    static JsonNode Member(JsonObject chain, string name) => chain[name] ?? throw new FormatException($"a chain has no {name}.");

    internal static IEnumerable<JsonObject> Newest(IReadOnlyList<JsonObject> heads) =>
        from head in heads
        group head by ((string)head["node"]!, (string)head["chain"]!, (string)head["chainId"]!) into same
        orderby same.Key
        select same.MaxBy(head => (long)head["sequence"]!)!;

    static async Task<IReadOnlyList<V1ConfigMap>> MapsAsync(
        ClusterReader cluster, Trail trail, string @namespace, CancellationToken cancellationToken)
    {
        var maps = new List<V1ConfigMap>();
        for (var number = 0; number < ChainMaps.Count; number++)
        {
            var name = ChainMaps.NameOf(trail.Metadata.Name, number);
            if (await cluster.FindAsync<V1ConfigMap>(new(@namespace, name), cancellationToken) is { } map)
                maps.Add(map);
        }

        return maps;
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

    static JsonObject Sealed(Trail trail, string node, TrailSealed digest) => new()
    {
        ["cluster"] = trail.Spec.ClusterName,
        ["trail"] = trail.Metadata.Name,
        ["node"] = node,
        ["chain"] = digest.Chain,
        ["chainId"] = digest.ChainId,
        ["sequence"] = digest.Sequence,
        ["sha256"] = digest.Sha256,
        ["until"] = digest.Until,
        ["waitingSince"] = digest.WaitingSince,
    };
}
