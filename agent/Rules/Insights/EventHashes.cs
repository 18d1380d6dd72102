namespace ClusterTrail.Rules.Insights;

/// <summary>An event's keys as numbers: verb, kind and group of its object; who; with what.</summary>
readonly record struct EventHashes(ulong Kind, ulong User, ulong Agent);
