using System.Text.Json;
using System.Text.Json.Serialization;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Contract.Reading;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(AgentConfiguration))]
[JsonSerializable(typeof(SelectorsFile))]
sealed partial class ContractJson : JsonSerializerContext;
