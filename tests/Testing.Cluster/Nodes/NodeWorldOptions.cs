namespace ClusterTrail.Testing.Nodes;

/// <summary>How long things take. The defaults are those of Kubernetes, apart from what would only make tests slow.</summary>
public sealed record NodeWorldOptions
{
    /// <summary>How long after its last sign of life a node is given up. The default is 40 s.</summary>
    public TimeSpan NodeMonitorGrace { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>
    /// How long a kubelet takes to bring a changed ConfigMap or Secret. The default is none; a real one takes up to 90 s.
    /// </summary>
    public TimeSpan ConfigMapDelay { get; init; }

    /// <summary>How long a pod without terminationGracePeriodSeconds may take to end. The default is 30 s.</summary>
    public TimeSpan TerminationGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The most that a probe waits, whatever its timeoutSeconds is. The default is 5 s. It is real time, also where the clock is stepped:
    /// what is too short for a busy machine makes agents fail that are well.
    /// </summary>
    public TimeSpan ProbePatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a running world looks. The default is 50 ms.</summary>
    public TimeSpan Round { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>What names are drawn from. The default is always the same.</summary>
    public int Seed { get; init; } = 1;
}
