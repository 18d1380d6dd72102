namespace ClusterTrail.Agent.Integrity;

/// <summary>There is no key that may sign the next digest; the message is a sentence with what to do.</summary>
sealed class ChainKeyException(string message, Exception? inner = null) : Exception(message, inner);
