namespace ClusterTrail.Agent.Sources.Containers;

/// <param name="Pods">How many pods are followed.</param>
/// <param name="Undecided">Of how many of them the labels decide, and are not known yet.</param>
/// <param name="LongestWait">How long the one that has waited longest has; zero if none waits.</param>
sealed record FollowedCount(int Pods, int Undecided, TimeSpan LongestWait = default);
