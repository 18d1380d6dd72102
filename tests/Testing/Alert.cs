namespace ClusterTrail.Testing;

/// <summary>An alert as a server shows it. Prometheus: <c>pending</c>, <c>firing</c>; Alertmanager: <c>active</c>, <c>suppressed</c>,
/// <c>unprocessed</c>.</summary>
public sealed record Alert(IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations, string State)
{
    public string Name => Labels["alertname"];
}
