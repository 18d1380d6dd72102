using ClusterTrail.Contract;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;

namespace ClusterTrail.Kubectl.Input;

/// <summary>A Trail, and what its agents decide by.</summary>
/// <param name="Selectors">Its own, and those of the TrailSelectors that it allows.</param>
/// <param name="Detections">The active rules, with their lists filled in.</param>
/// <param name="Configuration">Of its agents beside API servers.</param>
sealed record AttachedTrail(
    Trail Trail, SelectorsFile Selectors, IReadOnlyList<DetectionRule> Detections, AgentConfiguration Configuration)
{
    /// <summary>The Trails of an input; none if it is wrong, which is reported.</summary>
    internal static IReadOnlyList<AttachedTrail> Of(TrailInput input, ProblemLog problems)
    {
        var ruleFiles = Attaching.Check(input, null, problems);
        return problems.ExitCode == ExitCode.Ok
            ? [.. Attaching.Attach(input, ruleFiles, problems).Select(one => Of(one.Trail, one.Sets, ruleFiles.Of(one.Trail)))]
            : [];
    }

    static AttachedTrail Of(Trail trail, IReadOnlyList<RuleSet> attached, IReadOnlyList<TrailRuleFile> ruleFiles)
    {
        var files = AgentFiles.Of(trail, ruleFiles).With(attached);
        return new(trail, files.Selectors, files.Detections.Effective(), files.Configuration);
    }
}
