using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Sources.Containers;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Reading;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent;

/// <summary>Sources of type Containers, with the rules that may change.</summary>
static class ContainerSources
{
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <exception cref="ConfigurationException">The file of rules cannot be used.</exception>
    public static SourceFeed Feed(
        ContainersConfiguration containers, string configPath, Action<bool> reloaded, TimeProvider time, ILogger logger)
    {
        var (rules, problem) = Rules(containers, configPath, reloaded, time, logger);
        return new(
            containers.Path, TimeSpan.FromMilliseconds(containers.PollIntervalMilliseconds),
            (progress, report) => new ContainerLogs(containers, rules, problem, progress, report, time));
    }

    /// <summary>The file of rules beside the configuration file; null when there is none.</summary>
    public static string? RulesPath(ContainersConfiguration containers, string configPath) =>
        containers.RulesFile is { } name ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(configPath))!, name) : null;

    static (Func<IReadOnlyList<OutputRule>> Rules, Func<string?> Problem) Rules(
        ContainersConfiguration containers, string configPath, Action<bool> reloaded, TimeProvider time, ILogger logger)
    {
        IReadOnlyList<OutputRule> fixedRules = [.. containers.Rules.Select(rule => new OutputRule(rule))];
        if (RulesPath(containers, configPath) is not { } path)
        {
            return (() => fixedRules, () => null);
        }

        var file = new ReloadedFile<IReadOnlyList<OutputRule>>(
            path, (from, json) => [.. fixedRules, .. Contracts.ParseContainerRules(from, json).Rules.Select(rule => new OutputRule(rule))],
            reloaded, time, logger);
        var lookedAt = time.GetTimestamp();
        return (Look, () => file.Status.LastError is { } error ? $"The rules before it remain: {error}" : null);

        IReadOnlyList<OutputRule> Look()
        {
            if (time.GetElapsedTime(lookedAt) >= LookEvery)
            {
                lookedAt = time.GetTimestamp();
                file.Look();
            }

            return file.Current;
        }
    }
}
