namespace ClusterTrail.Telemetry;

/// <summary>Telemetry cannot be served as configured. The message is one sentence that names the address.</summary>
public sealed class TelemetryException(string message, Exception? inner = null) : Exception(message, inner);
