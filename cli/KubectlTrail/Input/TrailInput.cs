using ClusterTrail.Contract.Reading;
using ClusterTrail.History.Reading;
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
    internal static TrailInput Read(IEnumerable<string> files, ProblemLog problems)
    {
        var reader = new InputReader(problems);
        foreach (var file in files)
            reader.Add(file == StandardInput ? "standard input" : file, Text(file));
        return reader.Read;
    }

    static string Text(string file) => Utf8Text.Decode(
        file == StandardInput ? NamedFile.ReadStandardInput(NamedFile.MostInputBytes) : NamedFile.Read(file, NamedFile.MostInputBytes));
}
