using System.Text.Json.Serialization;

namespace ClusterTrail.Kubernetes;

/// <param name="HolderIdentity">Empty or nothing: nobody holds it.</param>
/// <param name="LeaseDurationSeconds">How long after a renewal nobody else takes it.</param>
public sealed record LeaseSpec(
    string? HolderIdentity = null,
    int? LeaseDurationSeconds = null,
    [property: JsonConverter(typeof(MicroTimeConverter))] DateTimeOffset? AcquireTime = null,
    [property: JsonConverter(typeof(MicroTimeConverter))] DateTimeOffset? RenewTime = null,
    int? LeaseTransitions = null);
