namespace ClusterTrail.Telemetry;

/// <summary>A page for another program, which must prove who it is.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="LargestBody">The bytes of the largest request that is read.</param>
/// <param name="Answer">Judges a request, and answers it.</param>
public sealed record TelemetryExchange(string Path, int LargestBody, Func<ExchangeRequest, ExchangeAnswer> Answer);
