namespace ClusterTrail.Agent.Sources.Feeds;

/// <summary>One text would make more lines than fit into a group.</summary>
sealed class FeedFullException() : Exception("A text makes more lines than fit into a group.");
