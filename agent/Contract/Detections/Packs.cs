using System.Text.Json;
using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Contract.Detections;

/// <summary>The packs that come with the agent: charts/clustertrail/detections, embedded.</summary>
public static class Packs
{
    // As JSON: to read the YAML took half of the time in which an agent starts.
    const string Resource = "packs.json";

    static readonly Lazy<IReadOnlyList<Pack>> Loaded = new(Load);

    public static IReadOnlyList<Pack> All => Loaded.Value;

    /// <summary>Every rule of every pack.</summary>
    public static IEnumerable<DetectionRule> Rules => All.SelectMany(pack => pack.Content.Rules);

    static IReadOnlyList<Pack> Load()
    {
        using var json = typeof(Packs).Assembly.GetManifestResourceStream(Resource)!;
        return JsonSerializer.Deserialize<IReadOnlyList<Pack>>(json, ContractJson.Options)!;
    }
}
