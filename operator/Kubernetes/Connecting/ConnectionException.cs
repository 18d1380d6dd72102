namespace ClusterTrail.Kubernetes.Connecting;

/// <summary>How to reach the cluster is not said, or said wrongly. The message is for the person who can change it.</summary>
public sealed class ConnectionException(string message, Exception? inner = null) : Exception(message, inner);
