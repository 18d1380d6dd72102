using System.Reflection;
using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Contract.Detections;

/// <summary>The packs that come with the agent: charts/clustertrail/detections, embedded.</summary>
public static class Packs
{
    const string Folder = "detections/";

    static readonly Lazy<IReadOnlyList<Pack>> Loaded = new(Load);

    public static IReadOnlyList<Pack> All => Loaded.Value;

    /// <summary>Every rule of every pack.</summary>
    public static IEnumerable<DetectionRule> Rules => All.SelectMany(pack => pack.Content.Rules);

    static IReadOnlyList<Pack> Load() =>
    [
        .. from name in typeof(Packs).Assembly.GetManifestResourceNames()
           where name.StartsWith(Folder, StringComparison.Ordinal)
           group name by name.Split('/')[1] into files
           orderby files.Key
           select new Pack(files.Key, Join(files.Order(StringComparer.Ordinal).Select(Read))),
    ];

    static RuleFile Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var text = new StreamReader(stream);
        return ContractFile.ParseYaml<RuleFile>(name, text.ReadToEnd());
    }

    static RuleFile Join(IEnumerable<RuleFile> files)
    {
        var all = files.ToList();
        return new() { Lists = NamedLists.Union(all.Select(file => file.Lists)), Rules = [.. all.SelectMany(file => file.Rules)] };
    }
}
