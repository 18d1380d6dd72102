using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Rules.Explaining;

namespace ClusterTrail.Kubectl.Explain;

/// <summary>An explained event as a line of JSON. Pure.</summary>
static class ExplanationJson
{
    static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="ofOne">One event, by the rules of each Trail.</param>
    internal static string Line(IReadOnlyList<ExplainedEvent> ofOne) =>
        Write(new() { ["event"] = ofOne[0].Head.ToJson(), ["explanations"] = new JsonArray([.. ofOne.Select(Json)]) });

    internal static string Write(JsonObject json) => json.ToJsonString(Readable);

    static JsonObject Json(ExplainedEvent one)
    {
        var json = Rules(one);
        if (one.Start is { } start)
            json["start"] = new JsonArray([.. start.Select(line => JsonValue.Create(line))]);
        return json;
    }

    static JsonObject Rules(ExplainedEvent one) => new()
    {
        ["trail"] = one.By.Trail,
        ["selectors"] = new JsonObject
        {
            ["recordedLevel"] = $"{one.Recorded}",
            ["cut"] = new JsonArray([.. one.Cut.Select(cut => JsonValue.Create(cut))]),
            ["ruleSets"] = new JsonArray([.. one.Sets.Select(Json)]),
        },
        ["detections"] = new JsonArray([.. one.Detections.Select(detection => new JsonObject
        {
            ["rule"] = detection.Rule.Name,
            ["severity"] = SeverityText.Of(detection.Rule.Severity),
            ["verdict"] = $"{detection.Explanation.Verdict}",
            ["why"] = detection.Explanation.Why,
        })]),
        ["others"] = one.Others,
    };

    static JsonObject Json(SetExplanation set) => new()
    {
        ["name"] = set.Name,
        ["level"] = $"{set.Level}",
        ["why"] = set.Miss,
        ["rules"] = new JsonArray([.. set.Rules.Select(rule => new JsonObject { ["matches"] = rule.Matches, ["why"] = rule.Why })]),
    };
}
