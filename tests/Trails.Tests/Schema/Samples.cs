using System.Text.Json.Nodes;

namespace ClusterTrail.Trails.Tests.Schema;

/// <summary>Values that a schema allows.</summary>
static class Samples
{
    /// <summary>What must be given, and nothing else.</summary>
    public static JsonNode Least(JsonObject schema) => (string)schema["type"]! switch
    {
        "object" =>
            new JsonObject(schema.Required().Select(name => KeyValuePair.Create<string, JsonNode?>(name, Least(schema.Property(name))))),
        "array" =>
            new JsonArray([.. Enumerable.Range(0, (int?)schema["minItems"]?.GetValue<long>() ?? 0).Select(_ => Least(schema.Items()))]),
        "integer" => schema["minimum"]?.DeepClone() ?? 1,
        "boolean" => false,
        _ => schema["enum"]?[0]?.DeepClone() ?? ((string?)schema["format"] == "date-time" ? "2026-03-01T12:00:00Z" : "x"),
    };

    /// <summary>Every whole number with limits below a field.</summary>
    public static IEnumerable<(string Field, long Least, long Most)> Limits(JsonObject schema, string field)
    {
        if ((string?)schema["type"] == "integer" && schema["minimum"] is { } least)
            yield return (field, least.GetValue<long>(), schema["maximum"]!.GetValue<long>());
        foreach (var (name, property) in schema["properties"]?.AsObject() ?? [])
        {
            foreach (var below in Limits(property!.AsObject(), $"{field}.{name}"))
                yield return below;
        }
    }
}
