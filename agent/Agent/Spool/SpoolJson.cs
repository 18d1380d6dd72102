using System.Text.Json.Serialization;
using ClusterTrail.Agent.Sources;

namespace ClusterTrail.Agent.Spool;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SpoolHeader))]
[JsonSerializable(typeof(Checkpoint))]
[JsonSerializable(typeof(SourceProgress))]
sealed partial class SpoolJson : JsonSerializerContext;
