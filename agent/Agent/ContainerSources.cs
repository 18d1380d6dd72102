using ClusterTrail.Agent.Files;
using ClusterTrail.Agent.Sources;
using ClusterTrail.Agent.Sources.Containers;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Contract.Status;
using Microsoft.Extensions.Logging;

namespace ClusterTrail.Agent;

/// <summary>A source of type Containers, with the rules and the labels that may change.</summary>
sealed class ContainerSources
{
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    readonly ContainersConfiguration containers;
    readonly LabelStore labels;
    readonly TimeProvider time;
    readonly IReadOnlyList<OutputRule> fixedRules;
    readonly ReloadedFile<IReadOnlyList<OutputRule>>? file;
    // Whoever opens the source disposes of it.
    Func<FollowedCount> pods = () => new(0, 0);
    long lookedAt;

    /// <exception cref="ConfigurationException">The file of rules cannot be used.</exception>
    public ContainerSources(
        ContainersConfiguration containers, string configPath, LabelStore labels, Action<bool> reloaded, TimeProvider time, ILogger logger)
    {
        (this.containers, this.labels, this.time, lookedAt) = (containers, labels, time, time.GetTimestamp());
        fixedRules = [.. containers.Rules.Select(rule => new OutputRule(rule))];
        file = RulesPath(containers, configPath) is not { } path ? null : new(
            path, (from, json) => [.. fixedRules, .. Contracts.ParseContainerRules(from, json).Rules.Select(rule => new OutputRule(rule))],
            reloaded, time, logger);
    }

    public SourceFeed Feed => new(
        containers.Path, TimeSpan.FromMilliseconds(containers.PollIntervalMilliseconds),
        Open);

    /// <summary>For other threads.</summary>
    public ContainersStatus Status => new()
    {
        Pods = pods().Pods,
        Undecided = pods().Undecided,
        WaitingSeconds = (long)pods().LongestWait.TotalSeconds,
        RulesHash = file?.Status.Hash,
        LabelsHash = labels.Current.Hash,
    };

    /// <summary>The file of rules beside the configuration file; null when there is none.</summary>
    public static string? RulesPath(ContainersConfiguration containers, string configPath) =>
        containers.RulesFile is { } name ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(configPath))!, name) : null;

    ContainerLogs Open(SourceProgress? progress, FollowerReport report)
    {
        var logs = new ContainerLogs(containers, Rules, Problem, progress, report, time, () => labels.Current);
        pods = () => logs.Pods;
        return logs;
    }

    string? Problem() => file?.Status.LastError is { } error ? $"The rules before it remain: {error}" : null;

    IReadOnlyList<OutputRule> Rules()
    {
        if (file is null)
        {
            return fixedRules;
        }

        if (time.GetElapsedTime(lookedAt) >= LookEvery)
        {
            lookedAt = time.GetTimestamp();
            file.Look();
        }

        return file.Current;
    }
}
