namespace ClusterTrail.Telemetry;

/// <summary>Who the metrics are from, in OpenTelemetry's words.</summary>
/// <param name="InstanceId">Different for every agent: node and trail, say.</param>
public sealed record OtlpResource(string Version, string InstanceId, string ClusterName, string NodeName);
