namespace ClusterTrail.Testing.Nodes.Kubelets;

/// <summary>A volume cannot be mounted; the message is the kubelet's.</summary>
sealed class MountException(string message) : Exception(message);
