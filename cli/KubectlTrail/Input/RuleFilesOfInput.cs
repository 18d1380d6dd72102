using ClusterTrail.Contract.Reading;
using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;

namespace ClusterTrail.Kubectl.Input;

/// <summary>The rule files that Trails name, as far as the input has them.</summary>
sealed class RuleFilesOfInput
{
    readonly Dictionary<string, IReadOnlyList<TrailRuleFile>> files = [];

    RuleFilesOfInput()
    {
    }

    internal static RuleFilesOfInput Read(TrailInput input, string? @namespace, ProblemLog problems)
    {
        var all = new RuleFilesOfInput();
        foreach (var trail in input.Trails)
        {
            var named = trail.Spec.Detections.RuleFiles.Select((file, at) =>
                Find(file, $"Trail {trail.Key}: spec.detections.ruleFiles[{at}]", input, @namespace, problems));
            all.files[trail.Metadata.Name] = [.. named.OfType<TrailRuleFile>()];
        }

        return all;
    }

    /// <summary>Those that are there, in the Trail's order.</summary>
    internal IReadOnlyList<TrailRuleFile> Of(Trail trail) => files[trail.Metadata.Name];

    internal bool AreWhole(Trail trail) => Of(trail).Count == trail.Spec.Detections.RuleFiles.Count;

    static TrailRuleFile? Find(RuleFileReference file, string field, TrailInput input, string? @namespace, ProblemLog problems)
    {
        if (input.TextOf(file.ConfigMapName, file.Key, @namespace) is not { Length: > 0 } text)
        {
            var where = @namespace is null ? "" : $" in namespace {@namespace}";
            problems.Report(
                ExitCode.Ok, $"{field} is skipped: the input has no ConfigMap {file.ConfigMapName} with the key {file.Key}{where}");
            return null;
        }

        try
        {
            return TrailRuleFile.Parse($"{input.ConfigMapOf(file.ConfigMapName, @namespace)!.Key}", file.Key, text);
        }
        catch (ConfigurationException e)
        {
            problems.Report(ExitCode.BadUsage, $"{field}: {e.Message}");
            return null;
        }
    }
}
