using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Trails.Api;
using k8s.Models;

namespace ClusterTrail.Kubectl.Input;

/// <summary>What is to be rendered.</summary>
/// <param name="Namespaces">Labels by name.</param>
/// <param name="ConfigMaps">Those that hold rule files, and others.</param>
sealed record TrailInput(
    IReadOnlyList<Trail> Trails, IReadOnlyList<TrailSelector> Selectors,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Namespaces,
    IReadOnlyList<V1ConfigMap> ConfigMaps)
{
    const string StandardInput = "-";

    /// <summary>The first of that name that is in the namespace, or in none; in any if none is said.</summary>
    internal V1ConfigMap? ConfigMapOf(string name, string? @namespace) => ConfigMaps.FirstOrDefault(map =>
        map.Metadata.Name == name
            && (@namespace is null || map.Metadata.NamespaceProperty is null || map.Metadata.NamespaceProperty == @namespace));

    /// <summary>What such a ConfigMap holds under a key; null if it is not there.</summary>
    internal string? TextOf(string name, string key, string? @namespace) =>
        ConfigMapOf(name, @namespace)?.Data is { } data && data.TryGetValue(key, out var text) ? text : null;

    /// <exception cref="TrailException">A file cannot be read.</exception>
    internal static async Task<TrailInput> ReadAsync(IEnumerable<string> files, ProblemLog problems, CancellationToken cancellationToken)
    {
        var reader = new InputReader(problems);
        foreach (var file in files)
            reader.Add(file == StandardInput ? "standard input" : file, await TextAsync(file, cancellationToken));
        return reader.Read;
    }

    static async Task<string> TextAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return file == StandardInput
                ? await Console.In.ReadToEndAsync(cancellationToken)
                : await File.ReadAllTextAsync(file, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TrailException(ExitCode.BadUsage, $"{file} cannot be read: {e.Message}", e);
        }
    }
}
