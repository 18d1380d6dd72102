namespace ClusterTrail.Agent.Telemetry;

/// <summary>The newest object that a sink has confirmed.</summary>
sealed record LastDelivery(DateTimeOffset At, string Object);
