namespace ClusterTrail.Kubernetes.Tests.Control;

/// <summary>What happens to one call of a <see cref="FlakyCluster"/>.</summary>
enum Fate
{
    Fine,
    RequestLost,
    AnswerLost,
    Silence,
    AnswerNeverComes,
}
