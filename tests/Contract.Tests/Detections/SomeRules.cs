using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Contract.Detections;

namespace ClusterTrail.Contract.Tests.Detections;

/// <summary>Detections files that are right, as JSON to make wrong.</summary>
static class SomeRules
{
    /// <summary>A detections file of one rule.</summary>
    public static JsonObject File(string match = """{ "verbs": ["get"] }""") => JsonNode.Parse($$"""
        {
          "rules": [
            { "name": "some-rule", "severity": "high", "group": "access", "description": "Something happened.", "match": {{match}} }
          ]
        }
        """)!.AsObject();

    /// <summary>A file with this condition alone in its rule.</summary>
    public static JsonObject WithField(string condition) => File($$"""{ "fields": [{{condition}}] }""");

    public static DetectionsFile Load(JsonObject file) => Load(file.ToJsonString());

    public static DetectionsFile Load(string json) => Contracts.ParseDetections("detections.json", Encoding.UTF8.GetBytes(json));

    /// <summary>The one sentence that the file is refused with, without its name.</summary>
    public static string Refusal(JsonObject file)
    {
        var sentence = Assert.Single(ContractFiles.Refusal(() => Load(file)));
        Assert.StartsWith("detections.json: ", sentence, StringComparison.Ordinal);
        return sentence["detections.json: ".Length..];
    }
}
