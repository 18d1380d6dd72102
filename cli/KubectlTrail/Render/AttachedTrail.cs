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
        Rendering.Check(input, problems);
        return problems.ExitCode == ExitCode.Ok ? [.. Rendering.Attach(input, problems).Select(one => Of(one.Trail, one.Sets))] : [];
    }

    static AttachedTrail Of(Trail trail, IReadOnlyList<RuleSet> attached) =>
        new(trail, AgentFiles.Selectors(trail, attached), new DetectionsFile { Packs = ["baseline"] }.Effective());
}
