namespace ClusterTrail.Agent.Sources.Processes;

/// <summary>What Kubernetes calls a container.</summary>
/// <param name="Container">Null while only the pod is known.</param>
sealed record ContainerNames(string Namespace, string Pod, string? Container);
