using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ClusterTrail.Contract.Yaml;

/// <summary>YAML as what kubectl makes of it: JSON.</summary>
public static class YamlText
{
    // An alias may name what it stands in, and a few of them may repeat each other without end.
    const int DeepestNode = 60;
    const int MostNodes = 500_000;

    /// <summary>The documents of a text, without those that are empty.</summary>
    /// <exception cref="FormatException">It is not YAML; the message says where.</exception>
    public static IReadOnlyList<JsonNode> Read(string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return [.. stream.Documents.Select(document => ToJson(document.RootNode, new(), 0)).OfType<JsonNode>()];
        }
        catch (YamlException e)
        {
            throw new FormatException($"line {e.Start.Line}, column {e.Start.Column}: {e.Message.TrimEnd('.')}", e);
        }
    }

    static JsonNode? ToJson(YamlNode node, Room room, int depth)
    {
        if (depth == DeepestNode || --room.Nodes < 0)
            throw new YamlException(
                node.Start, node.End, $"this has more than {DeepestNode} levels or {MostNodes} values, with what aliases repeat");
        return node switch
        {
            YamlMappingNode mapping => ToJson(mapping, room, depth),
            YamlSequenceNode sequence => new JsonArray([.. sequence.Select(item => ToJson(item, room, depth + 1))]),
            YamlScalarNode scalar => YamlScalar.ToJson(scalar),
            _ => throw new YamlException(node.Start, node.End, "this alias names nothing"),
        };
    }

    static JsonObject ToJson(YamlMappingNode mapping, Room room, int depth)
    {
        var members = new JsonObject();
        foreach (var (key, value) in mapping)
        {
            var name = (key as YamlScalarNode)?.Value ?? throw new YamlException(key.Start, key.End, "a field's name must be a text");
            if (!members.TryAdd(name, ToJson(value, room, depth + 1)))
                throw new YamlException(key.Start, key.End, $"the field {name} is given twice");
        }

        return members;
    }

    /// <summary>How much more a text may hold.</summary>
    sealed class Room
    {
        public int Nodes = MostNodes;
    }
}
