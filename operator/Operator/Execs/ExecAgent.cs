using ClusterTrail.Kubernetes;

namespace ClusterTrail.Operator.Execs;

/// <summary>An agent that the operator may speak with about execs.</summary>
/// <param name="Pod">Its pod.</param>
/// <param name="Url">Of its page <c>/execs</c>.</param>
/// <param name="Key">The Trail's.</param>
sealed record ExecAgent(ObjectKey Pod, string Trail, string Node, string Url, byte[] Key);
