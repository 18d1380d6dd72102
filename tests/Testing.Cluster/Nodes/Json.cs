using System.Text.Json.Nodes;

namespace ClusterTrail.Testing.Nodes;

static class Json
{
    /// <summary>Whether all fields are there with these values. A zero may be left out, as Go does.</summary>
    public static bool Holds(JsonObject? there, JsonObject fields) =>
        fields.All(field => JsonNode.DeepEquals(there?[field.Key], field.Value) || (there?[field.Key] is null && $"{field.Value}" == "0"));
}
