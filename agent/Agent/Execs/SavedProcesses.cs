using System.Text.Json.Serialization;

namespace ClusterTrail.Agent.Execs;

/// <summary>How <see cref="JoinedProcesses"/> are saved.</summary>
sealed record SavedProcesses
{
    public required IReadOnlyList<SavedRoot> Roots { get; init; }

    /// <summary>Ids, each with the place of its origin, the oldest first.</summary>
    public required IReadOnlyDictionary<string, int> Processes { get; init; }
}

/// <summary>What the records of the children of one that entered say.</summary>
sealed record SavedRoot
{
    public required byte[] Event { get; init; }

    public required byte[] Envelope { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SavedProcesses))]
sealed partial class JoinedJson : JsonSerializerContext;
