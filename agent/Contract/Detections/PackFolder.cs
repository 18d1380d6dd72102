using System.Text;
using System.Text.Json;
using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Contract.Detections;

/// <summary>Packs as people write them: a folder for each, with a YAML file for each rule.</summary>
public static class PackFolder
{
    /// <summary>The packs in the order of their names, and their rules in the order of their files.</summary>
    /// <exception cref="ConfigurationException">A file is not what it must be.</exception>
    public static IReadOnlyList<Pack> Read(string path) =>
    [
        .. from folder in Directory.GetDirectories(path).Order(StringComparer.Ordinal)
           let files = Directory.GetFiles(folder, "*.yaml").Where(file => !file.EndsWith(".tests.yaml", StringComparison.Ordinal))
           select new Pack(Path.GetFileName(folder), Join([.. files.Order(StringComparer.Ordinal).Select(Parse)])),
    ];

    /// <summary>The packs as the agent embeds them, with a line for each rule.</summary>
    public static string Json(IReadOnlyList<Pack> packs)
    {
        var text = new StringBuilder();
        foreach (var pack in packs)
        {
            text.Append(text.Length == 0 ? "[" : ",\n").Append("{\"name\":").Append(Written(pack.Name)).Append(",\"content\":{\"lists\":")
                .Append(Written(pack.Content.Lists)).Append(",\"rules\":[\n")
                .AppendJoin(",\n", pack.Content.Rules.Select(Written)).Append("\n]}}");
        }

        return text.Append("]\n").ToString();
    }

    static string Written<T>(T value) => JsonSerializer.Serialize(value, ContractJson.Compact);

    static RuleFile Parse(string file) => ContractFile.ParseYaml<RuleFile>(file, File.ReadAllText(file));

    static RuleFile Join(IReadOnlyList<RuleFile> files) =>
        new() { Lists = NamedLists.Union(files.Select(file => file.Lists)), Rules = [.. files.SelectMany(file => file.Rules)] };
}
