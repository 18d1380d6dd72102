using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Manifests;

namespace ClusterTrail.Operator.Execs;

/// <summary>An agent that the operator may speak with about execs.</summary>
/// <param name="Pod">Its pod.</param>
/// <param name="Role">Whether it may see execs, or may record processes.</param>
/// <param name="Url">Of its page <c>/execs</c>.</param>
/// <param name="Key">The Trail's.</param>
sealed record ExecAgent(ObjectKey Pod, string Trail, string Node, AgentRole Role, string Url, byte[] Key);
