namespace ClusterTrail.Lake.Events;

/// <summary>DuckDB does not take rows.</summary>
sealed class EventTableException(string message) : Exception(message);
