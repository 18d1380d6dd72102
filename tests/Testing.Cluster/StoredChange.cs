namespace ClusterTrail.Testing;

/// <summary>One change of the store. Neither before nor after: a bookmark.</summary>
sealed record StoredChange(long Version, StoredObject? Before, StoredObject? After);
