using ClusterTrail.Contract.Selectors;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;

namespace ClusterTrail.Kubectl.Input;

/// <summary>A Trail, and what the TrailSelectors that it allows add to it.</summary>
/// <param name="Sets">Their rules for events.</param>
/// <param name="Workloads">What they ask for of workloads.</param>
sealed record AttachedSelectors(Trail Trail, IReadOnlyList<RuleSet> Sets, IReadOnlyList<WrittenWorkloads> Workloads);
