namespace ClusterTrail.Agent;

/// <summary>The state folder is not this agent's any more: somebody removed, moved or covered it.</summary>
sealed class StateFolderLostException(string message) : IOException(message);
