using System.Text.Json.Nodes;
using ClusterTrail.Contract.Labels;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Testing.Nodes.Agents;

/// <summary>What an agent says when all is well.</summary>
static class AgentStatusOf
{
    public static AgentStatus Healthy(
        MountedConfiguration configuration, LabelsHandover? labels, string node, DateTimeOffset startedAt, string configHash)
    {
        var agent = configuration.Agent!;
        var isLogging = agent["logging"]?.GetValue<bool>() != false;
        return new()
        {
            Agent = new()
            {
                Version = "0.1.0",
                Revision = "double",
                ClusterName = (string)agent["clusterName"]!,
                NodeName = (string?)agent["nodeName"] ?? node,
                Trail = (string)agent["trail"]!,
                StartedAt = startedAt,
            },
            ConfigHash = configHash,
            Selectors = new() { Hash = configuration.Hash((string?)agent["selectors"]) ?? "", LoadedAt = startedAt, RuleSets = 1 },
            Detections = Detections(configuration, agent, startedAt),
            Sources = [.. agent["sources"]!.AsArray().Select(source => Source(source!, configuration, labels, isLogging, startedAt))],
            Enrichment = agent["enrichment"] is null ? null
                : new() { LabelsHash = labels?.Hash, Namespaces = labels?.Namespaces?.Count ?? 0, Pods = labels?.Pods.Count ?? 0 },
            Spool = new() { Bytes = 0, LimitBytes = 1 << 30, Batches = 0, OldestAgeSeconds = 0 },
            Sinks =
            [
                new() { Description = "double", DeliveredBatches = 2, DeliveredEvents = 60, LastDelivery = new(startedAt, "double/1") },
            ],
        };
    }

    static DetectionsStatus? Detections(MountedConfiguration configuration, JsonNode agent, DateTimeOffset startedAt) =>
        configuration.Hash((string?)agent["detections"]) is { } hash
            ? new() { Hash = hash, LoadedAt = startedAt, Rules = 12, Findings = [], CannotFire = [] }
            : null;

    static SourceStatus Source(
        JsonNode source, MountedConfiguration configuration, LabelsHandover? labels, bool isLogging, DateTimeOffset startedAt) => new()
        {
            Name = (string)source["name"]!,
            State = isLogging ? SourceState.Idle : SourceState.Stopped,
            Path = (string?)source["logFile"]?["path"] ?? "",
            File = "double",
            Offset = 10,
            LagBytes = 0,
            LagSeconds = 0.2,
            LastEventAt = startedAt,
            ReadEvents = 100,
            SelectedEvents = 60,
            Gaps = 0,
            Containers = (string?)source["type"] != "Containers" ? null : new()
            {
                Pods = 3,
                Undecided = 0,
                RulesHash = configuration.Hash((string?)source["containers"]?["rulesFile"]),
                LabelsHash = labels?.Hash,
            },
            Processes = (string?)source["type"] != "Processes" ? null : new()
            {
                Method = ProcessMethod.KernelProgram,
                RecordedEvents = 7,
                LostEvents = 1,
                RateLimitedEvents = 1,
                UnattributedEvents = 0,
                Containers = 2,
            },
        };
}
