using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ClusterTrail.Contract.Yaml;

/// <summary>YAML as what kubectl makes of it: JSON.</summary>
public static class YamlText
{
    /// <summary>The documents of a text, without those that are empty.</summary>
    /// <exception cref="FormatException">It is not YAML; the message says where.</exception>
    public static IReadOnlyList<JsonNode> Read(string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return [.. stream.Documents.Select(document => ToJson(document.RootNode)).OfType<JsonNode>()];
        }
        catch (YamlException e)
        {
            throw new FormatException($"line {e.Start.Line}, column {e.Start.Column}: {e.Message.TrimEnd('.')}", e);
        }
    }

    static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode mapping => ToJson(mapping),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Select(ToJson)]),
        YamlScalarNode scalar => YamlScalar.ToJson(scalar),
        _ => throw new YamlException(node.Start, node.End, "this alias names nothing"),
    };

    static JsonObject ToJson(YamlMappingNode mapping)
    {
        var members = new JsonObject();
        foreach (var (key, value) in mapping)
        {
            var name = (key as YamlScalarNode)?.Value ?? throw new YamlException(key.Start, key.End, "a field's name must be a text");
            if (!members.TryAdd(name, ToJson(value)))
                throw new YamlException(key.Start, key.End, $"the field {name} is given twice");
        }

        return members;
    }
}
