using System.Text.Json.Serialization;

namespace ClusterTrail.Agent.Sources.Feeds.Hubs;

/// <summary>What is on disk of a hub's ledger.</summary>
sealed record HubProgress
{
    /// <summary>Which hub it is about.</summary>
    public required string Of { get; init; }

    /// <summary>Whether the hub was asked for its partitions before: those found later are read from their beginning.</summary>
    public bool IsKnown { get; init; }

    /// <summary>How many messages the hub removed before they were read.</summary>
    public long Missed { get; init; }

    public IReadOnlyList<PartitionProgress> Partitions { get; init; } = [];
}

/// <summary>How far a partition is read.</summary>
/// <param name="Sequence">The number of the last message that is in the journal, or is not wanted; -1 if there is none.</param>
/// <param name="At">When the hub took that message; if there is none, when the hub was made.</param>
sealed record PartitionProgress(string Id, long Sequence, DateTimeOffset At);

/// <summary>Where the progress of a hub is kept.</summary>
static class HubProgressFile
{
    public static FeedProgressFile<HubProgress> In(string folder, Action ensureHeld) =>
        new(Path.Combine(folder, "hub"), "hub", HubJson.Default.HubProgress, ensureHeld);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HubProgress))]
sealed partial class HubJson : JsonSerializerContext;
