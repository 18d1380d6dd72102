using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClusterTrail.Testing.Nodes.Agents;

/// <summary>The configuration folder of an agent, as it is mounted.</summary>
sealed class MountedConfiguration(string folder, string file, IReadOnlyDictionary<string, byte[]> files)
{
    public JsonNode? Agent => Text(file) is { } text ? TryParse(text) : null;

    /// <summary>Whether it is that of an agent on all nodes.</summary>
    public bool RecordsWorkloads =>
        Agent?["sources"]?.AsArray().Any(source => (string?)source?["type"] is "Containers" or "Processes") == true;

    public static MountedConfiguration Of(PodLaunch launch, IReadOnlyList<PodVolume> volumes)
    {
        var arguments = launch.Arguments.ToList();
        var path = arguments[arguments.IndexOf("--config") + 1];
        var (folder, file) = (Path.GetDirectoryName(path)!, Path.GetFileName(path));
        var name = launch.Mounts.Single(mount => mount.Path == folder).Volume.Name;
        return new(folder, file, volumes.Single(volume => volume.Name == name).Files ?? new Dictionary<string, byte[]>());
    }

    public string? Text(string name) => files.TryGetValue(name, out var content) ? Encoding.UTF8.GetString(content) : null;

    /// <summary>The SHA-256 of a file that agent.json names, as an agent reports it.</summary>
    public string? Hash(string? path)
    {
        if (path is null || !files.TryGetValue(Path.GetFileName(Path.Combine(folder, path)), out var content))
            return null;
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }

    static JsonNode? TryParse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
