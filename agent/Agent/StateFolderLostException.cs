namespace ClusterTrail.Agent;

/// <summary>The state folder is not this agent's any more: it was removed, moved or covered.</summary>
sealed class StateFolderLostException(string message) : IOException(message);
