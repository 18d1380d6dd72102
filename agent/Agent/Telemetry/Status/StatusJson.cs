using System.Text.Json.Serialization;

namespace ClusterTrail.Agent.Telemetry;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(AgentStatus))]
sealed partial class StatusJson : JsonSerializerContext;
