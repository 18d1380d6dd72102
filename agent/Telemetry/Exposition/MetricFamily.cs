namespace ClusterTrail.Telemetry;

/// <summary>All series of one metric at one moment.</summary>
/// <param name="Name">The Prometheus name, for a counter without <c>_total</c>.</param>
/// <param name="Kind">Decides about the suffixes of the samples.</param>
/// <param name="Unit">The unit the name ends with, such as <c>seconds</c>, or nothing.</param>
/// <param name="Help">What it tells, for people.</param>
/// <param name="Points">The series, in a stable order.</param>
public sealed record MetricFamily(string Name, MetricKind Kind, string Unit, string Help, IReadOnlyList<MetricPoint> Points);
