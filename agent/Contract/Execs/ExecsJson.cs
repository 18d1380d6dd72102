using System.Text.Json.Serialization;

namespace ClusterTrail.Contract.Execs;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    MaxDepth = 8)]
[JsonSerializable(typeof(ExecReport))]
[JsonSerializable(typeof(ExecHandover))]
[JsonSerializable(typeof(HandoverAnswer))]
public sealed partial class ExecsJson : JsonSerializerContext;
