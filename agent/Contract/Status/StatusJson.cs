using System.Text.Json.Serialization;

namespace ClusterTrail.Contract.Status;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(AgentStatus))]
public sealed partial class StatusJson : JsonSerializerContext;
