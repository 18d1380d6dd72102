using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ClusterTrail.Contract.Yaml;

/// <summary>Writes JSON as YAML that every reader takes for the same JSON.</summary>
public static class YamlWriter
{
    /// <summary>The documents, each after a line <c>---</c>.</summary>
    public static string Write(IEnumerable<JsonNode> documents)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, EmitterSettings.Default);
        emitter.Emit(new StreamStart());
        foreach (var document in documents)
        {
            emitter.Emit(new DocumentStart(null, null, isImplicit: false));
            Write(document, emitter);
            emitter.Emit(new DocumentEnd(isImplicit: true));
        }

        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    static void Write(JsonNode? node, Emitter emitter)
    {
        switch (node)
        {
            case JsonObject members:
                WriteMapping(members, emitter);
                break;
            case JsonArray items:
                WriteSequence(items, emitter);
                break;
            case null:
                emitter.Emit(Plain("null"));
                break;
            default:
                emitter.Emit(node.GetValueKind() == JsonValueKind.String ? Text(node.GetValue<string>()) : Plain(node.ToJsonString()));
                break;
        }
    }

    static void WriteMapping(JsonObject members, Emitter emitter)
    {
        var style = members.Count == 0 ? MappingStyle.Flow : MappingStyle.Block;
        emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, style));
        foreach (var (name, value) in members)
        {
            emitter.Emit(Text(name));
            Write(value, emitter);
        }

        emitter.Emit(new MappingEnd());
    }

    static void WriteSequence(JsonArray items, Emitter emitter)
    {
        var style = items.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block;
        emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, style));
        foreach (var item in items)
            Write(item, emitter);
        emitter.Emit(new SequenceEnd());
    }

    static Scalar Plain(string text) =>
        new(AnchorName.Empty, TagName.Empty, text, ScalarStyle.Plain, isPlainImplicit: true, isQuotedImplicit: true);

    static Scalar Text(string text) =>
        new(AnchorName.Empty, TagName.Empty, text, StyleOf(text), isPlainImplicit: true, isQuotedImplicit: true);

    static ScalarStyle StyleOf(string text)
    {
        var lines = text.Split('\n');
        var isReadable = lines.All(line => line.All(one => one is >= ' ' and <= '~') && !line.EndsWith(' '));
        return YamlScalar.IsPlain(text) ? ScalarStyle.Plain
            : !isReadable ? ScalarStyle.DoubleQuoted
            : lines.Length == 1 ? ScalarStyle.SingleQuoted
            : lines[0].Length > 0 && lines[0][0] != ' ' && !text.EndsWith("\n\n", StringComparison.Ordinal) ? ScalarStyle.Literal
            : ScalarStyle.DoubleQuoted;
    }
}
