namespace ClusterTrail.Agent.Sources.Containers;

/// <summary>What is asked for of a pod.</summary>
/// <param name="Rules">None if nothing is.</param>
/// <param name="IsUndecided">Whether its labels decide, and are not known yet: these are all rules that may be for it.</param>
readonly record struct PodVerdict(IReadOnlyList<OutputRule> Rules, bool IsUndecided);
