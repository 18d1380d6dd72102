using System.Text.Json.Nodes;

namespace ClusterTrail.EndToEnd.Operator;

/// <summary>A pod's volumes as folders of this machine.</summary>
sealed class PodVolumes(string root, JsonObject podSpec, Func<string, string, Task<JsonObject?>> get)
{
    /// <summary>The folder of a volume.</summary>
    public string PathOf(string volume)
    {
        var found = Volumes().Single(one => (string?)one["name"] == volume);
        return (string?)found["hostPath"]?["path"] ?? Path.Combine(root, volume);
    }

    /// <summary>Brings every file to what its ConfigMap or Secret holds now, each in one step.</summary>
    public async Task FillAsync()
    {
        foreach (var volume in Volumes())
        {
            Directory.CreateDirectory(PathOf((string)volume["name"]!));
            foreach (var (file, content) in await FilesAsync(volume))
                Write(Path.Combine(PathOf((string)volume["name"]!), file), content);
        }
    }

    IEnumerable<JsonObject> Volumes() => podSpec["volumes"]!.AsArray().Select(volume => volume!.AsObject());

    async Task<IReadOnlyList<(string File, byte[] Content)>> FilesAsync(JsonObject volume) => volume switch
    {
        _ when volume["configMap"] is { } map => await FilesAsync("configmap", (string)map["name"]!, map["items"]),
        _ when volume["secret"] is { } secret => await FilesAsync("secret", (string)secret["secretName"]!, secret["items"]),
        _ when volume["projected"] is { } projected => await ProjectedAsync(projected["sources"]!.AsArray()),
        _ => [],
    };

    async Task<IReadOnlyList<(string File, byte[] Content)>> ProjectedAsync(JsonArray sources)
    {
        var files = new List<(string, byte[])>();
        foreach (var source in sources)
            files.AddRange(await FilesAsync("configmap", (string)source!["configMap"]!["name"]!, source["configMap"]!["items"]));
        return files;
    }

    async Task<IReadOnlyList<(string File, byte[] Content)>> FilesAsync(string kind, string name, JsonNode? items)
    {
        if ((await get(kind, name))?["data"] is not JsonObject data)
            return [];
        var named = items?.AsArray().Select(item => ((string)item!["key"]!, (string)item["path"]!)) ?? data.Select(entry => (entry.Key, entry.Key));
        return [.. named.Where(one => data[one.Item1] is not null).Select(one => (one.Item2, Decode(kind, (string)data[one.Item1]!)))];
    }

    static byte[] Decode(string kind, string value) => kind == "secret" ? Convert.FromBase64String(value) : System.Text.Encoding.UTF8.GetBytes(value);

    static void Write(string path, byte[] content)
    {
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(content))
            return;
        File.WriteAllBytes($"{path}.new", content);
        File.Move($"{path}.new", path, overwrite: true);
    }
}
