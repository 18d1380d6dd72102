using System.Text.Json.Serialization;

namespace ClusterTrail.Contract.Completeness;

/// <summary>
/// How what API servers made compares with what agents read, as the operator hands it to an agent: docs/decisions/0047.
/// </summary>
public sealed record CompletenessHandover
{
    public const string Path = "/completeness";

    /// <summary>What the operator's signature is for; see <see cref="Execs.ExecSignature"/>.</summary>
    public const string Purpose = "completeness";

    /// <summary>The bytes of the largest handover: it has names, a few numbers and two texts.</summary>
    public const int LargestBody = 16 << 10;

    public required string Trail { get; init; }

    public required string Node { get; init; }

    /// <summary>When it was made. An agent takes none that is not newer than what it has.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// Stands for all that follows but for what changes with each comparison; the agent's status says which it has.
    /// </summary>
    public required string Hash { get; init; }

    /// <summary>When the operator compared last; nothing if not since it started.</summary>
    public DateTimeOffset? ComparedAt { get; init; }

    /// <summary>Whether the numbers are those of all API servers together.</summary>
    public bool OfAll { get; init; }

    /// <summary>Nothing if nothing was ever compared.</summary>
    public CompletenessCounts? Counts { get; init; }

    /// <summary>Why nothing can be compared now; nothing if it can.</summary>
    public NotCompared? NotCompared { get; init; }
}

/// <summary>By how much both counts differ.</summary>
/// <param name="Since">Since when both sides are counted without a restart.</param>
/// <param name="EarlierMissing">What was missing before then, and is told still.</param>
/// <param name="SurplusAtLeast">How many more events were read than made.</param>
/// <param name="FoundAt">When the newest difference was found; nothing if there is none.</param>
/// <param name="Reason">The likeliest reason, a word; nothing if there is no difference.</param>
public sealed record CompletenessCounts(
    DateTimeOffset Since, long MissingAtLeast, long MissingAtMost, long EarlierMissing, long SurplusAtLeast,
    DateTimeOffset? FoundAt = null, string? Reason = null);

/// <summary>Why nothing can be compared, as a sentence, and since when.</summary>
public sealed record NotCompared(string Reason, DateTimeOffset Since);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 4)]
[JsonSerializable(typeof(CompletenessHandover))]
public sealed partial class CompletenessJson : JsonSerializerContext;
