namespace ClusterTrail.Testing.Nodes;

/// <summary>One volume of a pod: a folder of its node, files of ConfigMaps and Secrets, or an empty folder.</summary>
public sealed record PodVolume(string Name, string? HostPath = null, IReadOnlyDictionary<string, byte[]>? Files = null)
{
    /// <summary>Whether it holds the same files with the same content.</summary>
    public bool IsSameAs(PodVolume other) =>
        (Name, HostPath, Files?.Count) == (other.Name, other.HostPath, other.Files?.Count)
        && (Files ?? new Dictionary<string, byte[]>()).All(file =>
            other.Files!.TryGetValue(file.Key, out var content) && content.AsSpan().SequenceEqual(file.Value));
}
