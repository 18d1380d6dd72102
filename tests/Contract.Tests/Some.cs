using System.Text.Json.Nodes;

namespace ClusterTrail.Contract.Tests;

/// <summary>Files of the contract that are right, as JSON to make wrong.</summary>
static class Some
{
    /// <summary>The least that an <c>agent.json</c> must say.</summary>
    public static JsonObject Agent() => Parse(
        """
        {
          "clusterName": "prod",
          "trail": "main",
          "stateDirectory": "/var/lib/clustertrail",
          "sources": [{ "name": "apiserver", "type": "LogFile", "logFile": { "path": "/var/log/kubernetes/audit.log" } }],
          "sink": { "type": "Directory", "directory": { "path": "/archive" } }
        }
        """);

    public static JsonObject AgentToS3() => Agent().With("sink", """{ "type": "S3", "s3": { "bucket": "audit" } }""");

    /// <summary>A <c>selectors.json</c> of one set, with this rule alone.</summary>
    public static JsonObject Selectors(string rule = """{ "level": "Metadata" }""") =>
        Parse($$"""{ "ruleSets": [{ "name": "main", "rules": [{{rule}}] }] }""");

    /// <summary>Puts a value at a path such as <c>sources[0].logFile.path</c>, and makes the objects on the way.</summary>
    public static JsonObject With(this JsonObject file, string path, string json)
    {
        var steps = Steps(path);
        JsonNode parent = file;
        foreach (var step in steps[..^1])
            parent = Child(parent, step);

        if (parent is JsonArray list)
            list[Index(steps[^1])] = JsonNode.Parse(json);
        else
            parent[steps[^1]] = JsonNode.Parse(json);

        return file;
    }

    public static JsonObject Without(this JsonObject file, string path)
    {
        var steps = Steps(path);
        JsonNode parent = file;
        foreach (var step in steps[..^1])
            parent = Child(parent, step);

        parent.AsObject().Remove(steps[^1]);
        return file;
    }

    static string[] Steps(string path) =>
        path.Replace("[", ".[", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries);

    static JsonNode Child(JsonNode parent, string step) =>
        parent is JsonArray list ? list[Index(step)]! : parent[step] ?? (parent[step] = new JsonObject());

    static int Index(string step) => int.Parse(step.Trim('[', ']'), null);

    static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
