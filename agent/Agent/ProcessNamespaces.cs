using System.Collections.Frozen;
using ClusterTrail.Agent.Files;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Reading;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent;

/// <summary>The namespaces whose processes are recorded, which may change while the agent runs.</summary>
static class ProcessNamespaces
{
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <returns>What is asked for now; null is all.</returns>
    /// <exception cref="ConfigurationException">The file of namespaces cannot be used.</exception>
    public static Func<IReadOnlySet<string>?> Of(
        ProcessesConfiguration processes, string configPath, Action<bool> reloaded, TimeProvider time, ILogger logger)
    {
        if (PathOf(processes, configPath) is not { } path)
        {
            var always = Set(processes.Namespaces);
            return () => always;
        }

        var file = new ReloadedFile<Asked>(
            path, (from, json) => new(Set(Contracts.ParseProcesses(from, json).Namespaces)), reloaded, time, logger);
        var lookedAt = time.GetTimestamp();
        return () =>
        {
            if (time.GetElapsedTime(lookedAt) >= LookEvery)
            {
                lookedAt = time.GetTimestamp();
                file.Look();
            }

            return file.Current.Namespaces;
        };
    }

    /// <summary>The file of namespaces beside the configuration file; null when there is none.</summary>
    public static string? PathOf(ProcessesConfiguration processes, string configPath) =>
        processes.NamespacesFile is { } name ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(configPath))!, name) : null;

    static FrozenSet<string>? Set(IReadOnlyList<string>? names) => names?.ToFrozenSet();

    sealed record Asked(IReadOnlySet<string>? Namespaces);
}
