namespace ClusterTrail.Contract.Status;

/// <summary>The newest object that a sink has confirmed.</summary>
public sealed record LastDelivery(DateTimeOffset At, string Object);
