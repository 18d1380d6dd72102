using System.Text.Json.Nodes;

namespace ClusterTrail.Chart.Tests;

/// <summary>values.yaml and values.schema.json, read together, so that each has what the other has.</summary>
static class ValuesFile
{
    /// <summary>The values that one sets, in the file's order: a map is one value unless what is in it has comments of its own.</summary>
    public static IReadOnlyList<ChartValue> Read()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Chart, "values.yaml"));
        var comments = Comments(text.Split('\n'));
        return [.. Leaves("", Yaml.Documents(text).Single().AsObject(), Schema(), comments)];
    }

    public static JsonObject Schema() => JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Chart, "values.schema.json")))!.AsObject();

    /// <summary>What the schema says of a field, wherever it says it.</summary>
    public static JsonObject Field(JsonObject schema, string name)
    {
        var field = schema["properties"]?[name]?.AsObject();
        Assert.True(field is not null, $"values.schema.json does not know {name} of values.yaml.");
        return (string?)field["$ref"] is { } reference ? Schema()["definitions"]![reference.Split('/')[^1]]!.AsObject() : field;
    }

    static IEnumerable<ChartValue> Leaves(string prefix, JsonObject values, JsonObject schema, Dictionary<string, string> comments)
    {
        foreach (var (name, value) in values)
        {
            var (path, field) = (prefix + name, Field(schema, name));
            if (value is JsonObject { Count: > 0 } inner && inner.All(child => comments.ContainsKey($"{path}.{child.Key}")))
                foreach (var leaf in Leaves($"{path}.", inner, field, comments))
                    yield return leaf;
            else
                yield return new(path, value, comments.GetValueOrDefault(path, ""));
        }
    }

    /// <summary>The comment above each key, by the key's path. An empty line ends a comment that is about no key.</summary>
    static Dictionary<string, string> Comments(IEnumerable<string> lines)
    {
        var found = new Dictionary<string, string>();
        var comment = new List<string>();
        var path = new List<string>();
        foreach (var line in lines)
        {
            var text = line.TrimStart();
            if (text.StartsWith("# ", StringComparison.Ordinal))
            {
                comment.Add(text[2..]);
                continue;
            }
            if (text.Length > 0)
                Take(path, (line.Length - text.Length) / 2, text.Split(':')[0]);
            if (text.Length > 0 && comment.Count > 0)
                found[string.Join('.', path)] = string.Join(' ', comment);
            comment.Clear();
        }
        return found;
    }

    static void Take(List<string> path, int depth, string key)
    {
        path.RemoveRange(depth, path.Count - depth);
        path.Add(key);
    }
}
