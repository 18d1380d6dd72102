using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Trails;

namespace ClusterTrail.Kubectl.Render;

/// <summary>A Trail, and what its agents decide by.</summary>
/// <param name="Selectors">Its own, and those of the TrailSelectors that it allows.</param>
/// <param name="Detections">The rules in force, with their lists filled in.</param>
sealed record AttachedTrail(Trail Trail, SelectorsFile Selectors, IReadOnlyList<DetectionRule> Detections)
{
    /// <summary>The Trails of an input; none if it is wrong, which is reported.</summary>
    internal static IReadOnlyList<AttachedTrail> Of(RenderInput input, Problems problems)
    {
        var ruleFiles = Rendering.Check(input, null, problems);
        return problems.ExitCode == ExitCode.Ok ? [.. Rendering.Attach(input, ruleFiles, problems).Select(one => Of(one.Trail, one.Sets, ruleFiles.Of(one.Trail)))] : [];
    }

    static AttachedTrail Of(Trail trail, IReadOnlyList<RuleSet> attached, IReadOnlyList<TrailRuleFile> ruleFiles) =>
        new(trail, AgentFiles.Selectors(trail, attached), AgentFiles.Detections(trail, ruleFiles).Effective());
}
