namespace ClusterTrail.Agent.Execs;

/// <summary>What started a process that entered a container.</summary>
enum StartedBy
{
    /// <summary>A request to the API server.</summary>
    ApiRequest,

    /// <summary>The kubelet: a probe or a hook of the pod's specification.</summary>
    PodSpec,

    /// <summary>Something else: all API events are known, and it is of none.</summary>
    Unexplained,

    /// <summary>Nobody can say: not all API events were handed over.</summary>
    NotEvaluable,
}
