using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Contract.Yaml;

namespace ClusterTrail.Trails.Policies;

/// <summary>
/// An audit policy as the YAML that kube-apiserver reads, with a comment above each rule that gives more than is requested.
/// </summary>
public static class PolicyText
{
    const int MostNames = 5;

    static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // kube-apiserver takes no policy without rules.
    static readonly PolicyRule Nothing = new("no set", new() { Level = SelectorLevel.None }, [], []);

    public static string Write(AuditPolicy policy)
    {
        var head = new JsonObject { ["apiVersion"] = "audit.k8s.io/v1", ["kind"] = "Policy" };
        if (policy.OmitStages.Count > 0)
            head["omitStages"] = Stages(policy.OmitStages);
        var text = new StringBuilder(Yaml(head));
        foreach (var note in policy.Notes)
            text.Append("# ").Append(note).Append('\n');
        text.Append("rules:\n");
        foreach (var rule in policy.Rules.DefaultIfEmpty(Nothing))
            text.Append(Comment(rule)).Append(Yaml(new JsonArray(Json(rule.Rule))));
        return text.ToString();
    }

    /// <summary>A rule on one line, as JSON, which is YAML too.</summary>
    public static string OneLine(SelectorRule rule) => $"- {Json(rule).ToJsonString(Plain)}";

    static string Comment(PolicyRule rule) =>
        $"# {rule.Of}{Needing(rule.For)}{(rule.Reasons.Count > 0 ? ": more than requested: " : "")}{string.Join("; ", rule.Reasons)}\n";

    static string Needing(IReadOnlyList<string> detections)
    {
        var more = detections.Count > MostNames ? $" and {detections.Count - MostNames} more" : "";
        return detections.Count == 0 ? "" : $" ({string.Join(", ", detections.Take(MostNames))}{more})";
    }

    static JsonObject Json(SelectorRule rule)
    {
        var json = new JsonObject { ["level"] = $"{rule.Level}" };
        Add(json, "users", rule.Users);
        Add(json, "userGroups", rule.UserGroups);
        Add(json, "verbs", rule.Verbs);
        if (rule.Resources.Count > 0)
            json["resources"] = new JsonArray([.. rule.Resources.Select(Json)]);
        Add(json, "namespaces", rule.Namespaces);
        Add(json, "nonResourceURLs", rule.NonResourceURLs);
        if (rule.OmitStages.Count > 0)
            json["omitStages"] = Stages(rule.OmitStages);
        return json;
    }

    static JsonObject Json(GroupResources resources)
    {
        var json = new JsonObject { ["group"] = resources.Group };
        Add(json, "resources", resources.Resources);
        Add(json, "resourceNames", resources.ResourceNames);
        return json;
    }

    static void Add(JsonObject json, string name, IReadOnlyList<string> values)
    {
        if (values.Count > 0)
            json[name] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]);
    }

    static JsonArray Stages(IEnumerable<AuditStage> stages) => [.. stages.Select(stage => JsonValue.Create($"{stage}"))];

    static string Yaml(JsonNode node) => YamlWriter.Write([node])["---\n".Length..];
}
