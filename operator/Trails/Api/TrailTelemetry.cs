namespace ClusterTrail.Trails.Api;

public sealed record TrailTelemetry
{
    public int Port { get; init; } = 9808;

    public OtlpSpec? Otlp { get; init; }
}

public sealed record OtlpSpec
{
    public required string Endpoint { get; init; }
}
