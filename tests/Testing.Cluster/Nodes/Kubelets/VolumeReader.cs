using System.Text;
using System.Text.Json.Nodes;
using ClusterTrail.Kubernetes;
using k8s.Models;

namespace ClusterTrail.Testing.Nodes.Kubelets;

/// <summary>Reads what a pod's volumes hold, or says in the kubelet's words why one cannot be mounted.</summary>
sealed class VolumeReader(string node, KubeletParts parts)
{
    /// <param name="mounted">What a pod has that runs already: a volume that cannot be mounted any more stays as it was, and the others are
    /// read.</param>
    /// <exception cref="MountException">One of them cannot be mounted, and never was.</exception>
    public async Task<(IReadOnlyList<PodVolume> Volumes, MountException? Failure)> ReadAsync(
        Seen pod, IReadOnlyList<PodVolume>? mounted, CancellationToken cancellationToken)
    {
        var volumes = new List<PodVolume>();
        MountException? failure = null;
        foreach (var volume in pod.Spec!["volumes"]?.AsArray() ?? [])
        {
            var name = (string)volume!["name"]!;
            try
            {
                volumes.Add(await ReadAsync(pod.Metadata.NamespaceProperty!, volume, isMounted: mounted is not null, cancellationToken));
            }
            catch (MountException e)
            {
                failure = new($"MountVolume.SetUp failed for volume \"{name}\" : {e.Message}");
                volumes.Add(mounted?.Single(one => one.Name == name) ?? throw failure);
            }
        }

        return (volumes, failure);
    }

    async Task<PodVolume> ReadAsync(string @namespace, JsonNode volume, bool isMounted, CancellationToken cancellationToken)
    {
        var name = (string)volume["name"]!;
        if (volume["hostPath"] is { } host)
            return new(name, HostPath: isMounted ? (string)host["path"]! : Check((string)host["path"]!, (string?)host["type"] ?? ""));
        var files = new Dictionary<string, byte[]>();
        if (volume["configMap"] is { } map)
            await AddAsync(files, new(ResourceType.Of<V1ConfigMap>(), @namespace, (string)map["name"]!), map, cancellationToken);
        else if (volume["secret"] is { } secret)
            await AddAsync(files, new(ResourceType.Of<V1Secret>(), @namespace, (string)secret["secretName"]!), secret, cancellationToken);
        else if (volume["projected"] is { } projected)
            await AddAllAsync(files, @namespace, projected, cancellationToken);
        else
            return new(name);
        return new(name, Files: files);
    }

    async Task AddAllAsync(Dictionary<string, byte[]> files, string @namespace, JsonNode projected, CancellationToken cancellationToken)
    {
        foreach (var source in projected["sources"]!.AsArray())
        {
            if (source!["configMap"] is { } map)
                await AddAsync(files, new(ResourceType.Of<V1ConfigMap>(), @namespace, (string)map["name"]!), map, cancellationToken);
            if (source["secret"] is { } secret)
                await AddAsync(files, new(ResourceType.Of<V1Secret>(), @namespace, (string)secret["name"]!), secret, cancellationToken);
        }
    }

    async Task AddAsync(Dictionary<string, byte[]> files, Reference of, JsonNode source, CancellationToken cancellationToken)
    {
        var isOptional = source["optional"]?.GetValue<bool>() == true;
        var found = await parts.Clients.Of(Part.Kubelet).GetAsync<Seen>(of.Type, new(of.Namespace, of.Name), cancellationToken);
        if (found is null && isOptional)
            return;
        if (found is null)
            throw new MountException($"{of.Type.Kind.ToLowerInvariant()} \"{of.Name}\" not found");
        var data = found.Data ?? [];
        var items = source["items"]?.AsArray().Select(item => (Key: (string)item!["key"]!, Path: (string)item["path"]!)) ?? data.Select(
            entry => (entry.Key, entry.Key));
        foreach (var (key, path) in items)
        {
            if (data[key] is { } value)
                files[path] = of.Decode((string)value!);
            else if (!isOptional)
                throw new MountException(of.Missing(key));
        }
    }

    string Check(string path, string type)
    {
        if (type is "" or "DirectoryOrCreate" && parts.Runtime.Look(node, path) == HostPathKind.Missing)
            parts.Runtime.MakeFolder(node, path);
        var found = parts.Runtime.Look(node, path);
        if (type is "Directory" or "DirectoryOrCreate" && found != HostPathKind.Folder)
            throw new MountException($"hostPath type check failed: {path} is not a directory");
        if (type is "File" && found != HostPathKind.File)
            throw new MountException($"hostPath type check failed: {path} is not a file");
        return path;
    }

    readonly record struct Reference(ResourceType Type, string Namespace, string Name)
    {
        bool IsSecret => Type == ResourceType.Of<V1Secret>();

        public byte[] Decode(string value) => IsSecret ? Convert.FromBase64String(value) : Encoding.UTF8.GetBytes(value);

        public string Missing(string key) =>
            IsSecret ? $"references non-existent secret key: {key}" : $"configmap references non-existent config key: {key}";
    }
}
