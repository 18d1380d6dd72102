namespace ClusterTrail.History.Reading;

/// <summary>An object's content is not what an agent wrote; records before the damage were given out.</summary>
sealed class DamagedException(string message, Exception? inner = null) : Exception(message, inner);
