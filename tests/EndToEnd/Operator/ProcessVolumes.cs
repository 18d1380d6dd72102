using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterTrail.Testing.Nodes;

namespace ClusterTrail.EndToEnd.Operator;

/// <summary>
/// A pod's volumes as folders of this machine, written as a kubelet does: all files of a volume change by the switch of one link.
/// </summary>
/// <remarks>
/// In agent.json, the address to listen on becomes the pod's own. A real pod has a network to itself, where 0.0.0.0 is its address; here
/// all
/// share one, and two agents could not listen on the same port. So the file's hash is not that of the ConfigMap's.
/// </remarks>
sealed class ProcessVolumes(string root, string ip)
{
    const string Configuration = "agent.json";
    const string Link = "..data";

    readonly Dictionary<string, PodVolume> written = [];
    int version;

    public string PathOf(PodVolume volume) => Path.Combine(root, volume.Name);

    public void Write(IReadOnlyList<PodVolume> volumes)
    {
        foreach (var volume in volumes.Where(volume => volume.HostPath is null))
        {
            Directory.CreateDirectory(PathOf(volume));
            if (volume.Files is not null && !(written.TryGetValue(volume.Name, out var before) && before.IsSameAs(volume)))
                Switch(PathOf(volume), volume.Files);
            written[volume.Name] = volume;
        }
    }

    void Switch(string folder, IReadOnlyDictionary<string, byte[]> files)
    {
        var link = Path.Combine(folder, Link);
        var before = new DirectoryInfo(link).LinkTarget;
        var next = $"..version-{++version}";
        Directory.CreateDirectory(Path.Combine(folder, next));
        foreach (var (file, content) in files)
            File.WriteAllBytes(Path.Combine(folder, next, file), file == Configuration ? Rewritten(content) : content);
        File.CreateSymbolicLink($"{link}_tmp", next);
        Rename($"{link}_tmp", link);
        foreach (var file in files.Keys.Where(file => new FileInfo(Path.Combine(folder, file)).LinkTarget is null))
            File.CreateSymbolicLink(Path.Combine(folder, file), Path.Combine(Link, file));
        foreach (var path in Directory.EnumerateFileSystemEntries(folder).Where(IsFile).ToList())
        {
            if (!files.ContainsKey(Path.GetFileName(path)))
                File.Delete(path);
        }

        if (before is not null)
            Directory.Delete(Path.Combine(folder, before), recursive: true);
    }

    // Names that begin with two dots are the kubelet's own.
    static bool IsFile(string path) => !Path.GetFileName(path).StartsWith("..", StringComparison.Ordinal);

    // rename(2), which File.Move does not do to a link to a folder.
    static void Rename(string from, string to)
    {
        using var move = Process.Start("mv", ["-T", from, to]);
        move.WaitForExit();
        if (move.ExitCode != 0)
            throw new IOException($"{from} cannot be renamed to {to}.");
    }

    byte[] Rewritten(byte[] content)
    {
        try
        {
            var agent = JsonNode.Parse(content)!;
            var listen = (string)agent["telemetry"]!["listen"]!;
            agent["telemetry"]!["listen"] = ip + listen[listen.LastIndexOf(':')..];
            return Encoding.UTF8.GetBytes(agent.ToJsonString());
        }
        catch (Exception e) when (e is JsonException or NullReferenceException)
        {
            // What is no configuration is the agent's to refuse.
            return content;
        }
    }
}
