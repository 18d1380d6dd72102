using System.Text.Json.Nodes;

namespace ClusterTrail.Archive.Digests;

/// <summary>The SHA-256 of each file of configuration that was in force when the digest was sealed.</summary>
/// <param name="Selectors">Null without such a file: everything is recorded.</param>
/// <param name="Detections">Null without such a file.</param>
public sealed record ConfigurationHashes(string Agent, string? Selectors, string? Detections)
{
    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["agent"] = Agent };
        Add(json, "selectors", Selectors);
        Add(json, "detections", Detections);
        return json;
    }

    internal static ConfigurationHashes Read(Members members) =>
        new(members.Sha256("agent"), members.Sha256OrNull("selectors"), members.Sha256OrNull("detections"));

    static void Add(JsonObject json, string name, string? hash)
    {
        if (hash is not null)
        {
            json[name] = hash;
        }
    }
}
