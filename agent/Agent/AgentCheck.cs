using ClusterTrail.Agent.Telemetry;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Rules.Detections;
using ClusterTrail.Rules.Selectors;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterTrail.Agent;

/// <summary>Finds everything for which an agent would not start, or could not use a file. Changes and contacts nothing.</summary>
static class AgentCheck
{
    /// <returns>What is not wrong, and yet has no effect here.</returns>
    /// <exception cref="ConfigurationException">All that is wrong, a sentence a line.</exception>
    public static IReadOnlyList<string> Run(string configPath, TimeProvider time, StatusKey key)
    {
        var configuration = Contracts.LoadAgent(configPath);
        var parts = new AgentParts(configuration, configPath);
        var problems = Problems(
            () => parts.Origin(),
            () => parts.Envelope(),
            () => parts.Sink(time),
            () => parts.CheckCredentials(time),
            () => parts.CheckWebhook(time),
            () => CheckSelectors(parts.SelectorsPath()),
            () => CheckDetections(parts.DetectionsPath()),
            () => CheckContainers(configuration, configPath),
            () => CheckReceivers(configuration),
            () => CheckBuckets(configuration, time),
            () => CheckHubs(configuration, time),
            () => StateFolder.Check(configuration.StateDirectory));
        if (problems.Count > 0)
        {
            throw new ConfigurationException(string.Join('\n', problems));
        }

        return LabelsExchange.Lacking(configuration.Enrichment, key) is { } lacking ? [lacking] : [];
    }

    static void CheckContainers(AgentConfiguration configuration, string configPath)
    {
        foreach (var containers in configuration.Sources.Select(source => source.Containers).OfType<ContainersConfiguration>())
        {
            if (ContainerSources.RulesPath(containers, configPath) is { } path)
            {
                Contracts.ParseContainerRules(path, Contracts.ReadAll(path));
            }
        }
    }

    static void CheckBuckets(AgentConfiguration configuration, TimeProvider time)
    {
        foreach (var source in configuration.Sources.Where(source => source.Bucket is not null))
        {
            BucketSource.Clients(source.Name, source.Bucket!, time, NullLogger.Instance);
        }
    }

    static void CheckHubs(AgentConfiguration configuration, TimeProvider time)
    {
        foreach (var source in configuration.Sources.Where(source => source.EventHubs is not null))
        {
            EventHubsSource.Check(source.Name, source.EventHubs!, time, NullLogger.Instance);
        }
    }

    static void CheckReceivers(AgentConfiguration configuration)
    {
        foreach (var source in configuration.Sources)
        {
            SourceReceivers.Check(source);
        }
    }

    static List<string> Problems(params Action[] checks)
    {
        List<string> problems = [];
        foreach (var check in checks)
        {
            try
            {
                check();
            }
            catch (ConfigurationException e)
            {
                problems.Add(e.Message);
            }
        }

        return problems;
    }

    static void CheckSelectors(string? path)
    {
        if (path is not null)
        {
            _ = new Selector(Contracts.LoadSelectors(path));
        }
    }

    static void CheckDetections(string? path)
    {
        if (path is not null)
        {
            _ = new DetectionSet(Contracts.ParseDetections(path, Contracts.ReadAll(path)).Effective());
        }
    }
}
