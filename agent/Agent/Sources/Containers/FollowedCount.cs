namespace ClusterTrail.Agent.Sources.Containers;

/// <param name="Pods">How many pods are followed.</param>
/// <param name="Undecided">Of how many of them the labels decide, and are not known yet.</param>
sealed record FollowedCount(int Pods, int Undecided);
