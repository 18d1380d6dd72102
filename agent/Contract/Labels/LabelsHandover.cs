using System.Text.Json.Serialization;

namespace ClusterTrail.Contract.Labels;

/// <summary>The labels of a node's pods, as the operator hands them to the node's agent: docs/decisions/0024.</summary>
public sealed record LabelsHandover
{
    public const string Path = "/labels";

    /// <summary>What the operator's signature is for; see <see cref="Execs.ExecSignature"/>.</summary>
    public const string Purpose = "labels";

    /// <summary>The bytes of the largest handover: the pods of a node, with the labels that rules name.</summary>
    public const int LargestBody = 4 << 20;

    public required string Trail { get; init; }

    public required string Node { get; init; }

    /// <summary>When it was made. An agent takes none that is older than what it has.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Stands for the pods and their labels; the agent's status says which it has.</summary>
    public required string Hash { get; init; }

    public required IReadOnlyList<PodLabels> Pods { get; init; }
}

/// <summary>The labels of a pod that rules name; those that it does not have are left out.</summary>
public sealed record PodLabels(string Uid, IReadOnlyDictionary<string, string> Labels);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    MaxDepth = 8)]
[JsonSerializable(typeof(LabelsHandover))]
public sealed partial class LabelsJson : JsonSerializerContext;
