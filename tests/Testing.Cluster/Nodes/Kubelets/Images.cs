using System.Collections.Concurrent;

namespace ClusterTrail.Testing.Nodes.Kubelets;

/// <summary>The registry, as all nodes see it, and what each has pulled already.</summary>
sealed class Images
{
    readonly ConcurrentDictionary<string, string> broken = new();
    readonly ConcurrentDictionary<(string Node, string Image), bool> pulled = new();

    public void Break(string image, string? reason)
    {
        if (reason is null)
            broken.TryRemove(image, out _);
        else
            broken[image] = reason;
    }

    public bool IsPresent(string node, string image) => pulled.ContainsKey((node, image));

    /// <returns>Why it cannot be pulled, as containerd says it.</returns>
    public string? Pull(string node, string image)
    {
        if (broken.TryGetValue(image, out var reason))
            return $"rpc error: code = NotFound desc = failed to pull and unpack image \"{image}\": "
                + $"failed to resolve reference \"{image}\": {reason}";
        pulled[(node, image)] = true;
        return null;
    }
}
