using System.Text.Json.Serialization;

namespace ClusterTrail.Contract.Labels;

/// <summary>The labels that an agent needs, as the operator hands them to it: docs/decisions/0024 and 0046.</summary>
public sealed record LabelsHandover
{
    public const string Path = "/labels";

    /// <summary>What the operator's signature is for; see <see cref="Execs.ExecSignature"/>.</summary>
    public const string Purpose = "labels";

    /// <summary>The bytes of the largest handover. What the operator hands over of namespaces is at most half of it.</summary>
    public const int LargestBody = 4 << 20;

    public required string Trail { get; init; }

    public required string Node { get; init; }

    /// <summary>When it was made. An agent takes none that is older than what it has.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Stands for all that follows; the agent's status says which it has.</summary>
    public required string Hash { get; init; }

    /// <summary>The pods of the node.</summary>
    public required IReadOnlyList<PodLabels> Pods { get; init; }

    /// <summary>The namespaces with the labels that records get; null if the Trail asks for none.</summary>
    public IReadOnlyList<LabelledNamespace>? Namespaces { get; init; }

    /// <summary>
    /// What controls the pods of the node; null if the Trail asks for none. A pod whose controller is not known yet is in none.
    /// </summary>
    public IReadOnlyList<OwnedPods>? Owners { get; init; }
}

/// <summary>The labels of a pod that rules name; those that it does not have are left out.</summary>
public sealed record PodLabels(string Uid, IReadOnlyDictionary<string, string> Labels);

/// <summary>The labels of a namespace that records get.</summary>
public sealed record LabelledNamespace(string Name, IReadOnlyDictionary<string, string> Labels);

/// <summary>Pods, by uid, that have the same controller.</summary>
public sealed record OwnedPods(IReadOnlyList<string> Pods)
{
    /// <summary>What controls them; null if nothing does whose labels can be known.</summary>
    public LabelledOwner? Owner { get; init; }
}

/// <summary>The controller of a pod, such as a Deployment, and the labels of it that records get.</summary>
/// <param name="Resource">The kind of object, such as deployments.</param>
public sealed record LabelledOwner(string Resource, string Namespace, string Name, IReadOnlyDictionary<string, string> Labels);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 8)]
[JsonSerializable(typeof(LabelsHandover))]
[JsonSerializable(typeof(IReadOnlyList<LabelledNamespace>))]
[JsonSerializable(typeof(IReadOnlyList<OwnedPods>))]
public sealed partial class LabelsJson : JsonSerializerContext;
