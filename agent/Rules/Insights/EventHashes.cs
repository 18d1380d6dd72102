namespace ClusterTrail.Rules.Insights;

/// <summary>An event's keys as numbers: verb, kind and group of its object; who; with what.</summary>
/// <param name="Call">All of these, from where it came, and whether it failed.</param>
readonly record struct EventHashes(ulong Kind, ulong User, ulong Agent, ulong Call);
