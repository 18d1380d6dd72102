namespace ClusterTrail.Agent.Sources.Feeds.Buckets;

/// <summary>An object as the store lists it.</summary>
/// <param name="Tag">The ETag, without quotes: other content has another one.</param>
/// <param name="At">When it was written, by the store's clock.</param>
sealed record StoredObject(string Key, string Tag, DateTimeOffset At, long Bytes);
