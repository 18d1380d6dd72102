using ClusterTrail.History.Reading;
using ClusterTrail.Kubectl.Shared;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Validation;

namespace ClusterTrail.Kubectl.Input;

/// <summary>Which TrailSelectors of an input are part of each of its Trails, by the operator's rules.</summary>
static class Attaching
{
    /// <summary>Reports what is wrong with the input. Returns the rule files of its Trails.</summary>
    /// <param name="input">What is to be rendered.</param>
    /// <param name="namespace">The operator's, in which ConfigMaps are named; null if it is unknown.</param>
    /// <param name="problems">Where to.</param>
    internal static RuleFilesOfInput Check(TrailInput input, string? @namespace, ProblemLog problems)
    {
        var ruleFiles = RuleFilesOfInput.Read(input, @namespace, problems);
        foreach (var trail in input.Trails)
            Report($"Trail {trail.Key}", TrailProblems.Of(trail, ruleFiles.AreWhole(trail) ? ruleFiles.Of(trail) : null), problems);
        foreach (var selector in input.Selectors)
            Report($"TrailSelector {selector.Key}", SelectorProblems.Of(selector), problems);
        if (problems.ExitCode == ExitCode.Ok && input.Trails.Count == 0)
            problems.Report(ExitCode.BadUsage, "The input has no Trail; give one with -f");
        return ruleFiles;
    }

    /// <summary>The Trails, and what TrailSelectors add to each. One that is skipped is reported.</summary>
    internal static IReadOnlyList<AttachedSelectors> Attach(TrailInput input, RuleFilesOfInput ruleFiles, ProblemLog problems)
    {
        foreach (var selector in input.Selectors.Where(selector => input.Trails.All(trail => trail.Metadata.Name != selector.Spec.Trail)))
            LeaveOut(selector, $"the input has no Trail {selector.Spec.Trail}", problems);
        return [.. input.Trails.Select(trail => Attached(trail, input, ruleFiles, problems))];
    }

    static AttachedSelectors Attached(Trail trail, TrailInput input, RuleFilesOfInput ruleFiles, ProblemLog problems)
    {
        var allowed = Allowed(trail, input, problems)
            .OrderBy(selector => selector.Metadata.CreationTimestamp ?? DateTimeOffset.MaxValue)
            .ThenBy(selector => $"{selector.Key}", StringComparer.Ordinal)
            .ToList();
        var ofEvents = allowed.Where(selector => selector.Spec.Rules.Count > 0).ToList();
        var sets = ofEvents.Select(AgentFiles.RuleSet).ToList();
        var fitting = AgentFiles.Of(trail, ruleFiles.Of(trail)).Fitting(sets);
        foreach (var selector in ofEvents.Skip(fitting))
            LeaveOut(selector, $"the ConfigMap of Trail {trail.Key} is full", problems);
        return new(trail, sets[..fitting], [.. allowed.Except(ofEvents.Skip(fitting)).Select(WrittenWorkloads.Of)]);
    }

    static IEnumerable<TrailSelector> Allowed(Trail trail, TrailInput input, ProblemLog problems)
    {
        foreach (var selector in input.Selectors.Where(selector => selector.Spec.Trail == trail.Metadata.Name))
        {
            if (Refusal(trail, selector, input) is { } refusal)
                LeaveOut(selector, refusal, problems);
            else
                yield return selector;
        }
    }

    static string? Refusal(Trail trail, TrailSelector selector, TrailInput input)
    {
        var @namespace = selector.Metadata.NamespaceProperty!;
        var policy = trail.Spec.SelectorPolicy;
        return policy.From switch
        {
            SelectorPolicyFrom.All => null,
            SelectorPolicyFrom.None => $"spec.selectorPolicy.from of Trail {trail.Key} is None",
            _ when !input.Namespaces.TryGetValue(@namespace, out var labels) =>
                $"the input has no Namespace {@namespace}, whose labels decide",
            _ when policy.Selector!.Matches(input.Namespaces[@namespace]) => null,
            _ => $"spec.selectorPolicy.selector of Trail {trail.Key} does not match the labels of Namespace {@namespace}",
        };
    }

    static void LeaveOut(TrailSelector selector, string why, ProblemLog problems) =>
        problems.Report(ExitCode.Ok, $"TrailSelector {selector.Key} is skipped: {why}");

    static void Report(string of, IEnumerable<string> sentences, ProblemLog problems)
    {
        foreach (var sentence in sentences)
            problems.Report(ExitCode.BadUsage, $"{of}: {sentence}");
    }
}
