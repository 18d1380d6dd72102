using System.Text.Json.Serialization;

namespace ClusterTrail.Agent.Spool;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SpoolHeader))]
[JsonSerializable(typeof(Checkpoint))]
sealed partial class SpoolJson : JsonSerializerContext;
