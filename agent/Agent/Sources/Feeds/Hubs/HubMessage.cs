namespace ClusterTrail.Agent.Sources.Feeds.Hubs;

/// <summary>A message of a partition.</summary>
/// <param name="Sequence">Its number within the partition: each is one more than the one before.</param>
/// <param name="At">When the hub took it.</param>
readonly record struct HubMessage(long Sequence, DateTimeOffset At, ReadOnlyMemory<byte> Body);
