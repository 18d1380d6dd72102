namespace ClusterTrail.Agent.Sources.Feeds.Buckets;

/// <summary>Which objects are followed.</summary>
/// <param name="Queue">What says which are new; null when only the lists do.</param>
sealed record BucketSettings(string Bucket, string Prefix, IObjectQueue? Queue);
