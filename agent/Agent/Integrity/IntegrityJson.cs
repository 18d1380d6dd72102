using System.Text.Json.Serialization;

namespace ClusterTrail.Agent.Integrity;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(LedgerEntry))]
[JsonSerializable(typeof(ChainState))]
[JsonSerializable(typeof(ConfirmedState))]
sealed partial class IntegrityJson : JsonSerializerContext;
