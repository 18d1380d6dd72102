using ClusterTrail.Contract.Selectors;
using ClusterTrail.Kubernetes;
using ClusterTrail.Trails;

namespace ClusterTrail.Kubectl.Render;

/// <summary>From Trails and TrailSelectors to objects, as the operator does it.</summary>
static class Rendering
{
    /// <summary>The objects of all Trails. What is wrong is reported, and then they are not all.</summary>
    internal static IReadOnlyList<JsonResource> Render(RenderInput input, AgentInputs inputs, Problems problems)
    {
        var ruleFiles = Check(input, inputs.Namespace, problems);
        AgentInputs Inputs(Trail trail, IReadOnlyList<RuleSet> sets) =>
            inputs with
            {
                Attached = sets,
                RuleFiles = ruleFiles.Of(trail),
                ReferencesHash = ReferencesHash(trail, input, inputs.Namespace),
            };
        return problems.ExitCode != ExitCode.Ok ? [] :
        [
            .. from attached in Attach(input, ruleFiles, problems)
               from one in AgentManifests.Build(attached.Trail, Inputs(attached.Trail, attached.Sets))
               select one,
        ];
    }

    /// <summary>Reports what is wrong with the input. Returns the rule files of its Trails.</summary>
    /// <param name="input">What is to be rendered.</param>
    /// <param name="namespace">The operator's, in which ConfigMaps are named; null if nobody said which.</param>
    /// <param name="problems">Where to.</param>
    internal static RuleFilesOfInput Check(RenderInput input, string? @namespace, Problems problems)
    {
        var ruleFiles = RuleFilesOfInput.Read(input, @namespace, problems);
        foreach (var trail in input.Trails)
            Report($"Trail {trail.Key}", AgentFiles.Problems(trail, ruleFiles.AreWhole(trail) ? ruleFiles.Of(trail) : null), problems);
        foreach (var selector in input.Selectors)
            Report($"TrailSelector {selector.Key}", AgentFiles.Problems(selector), problems);
        if (problems.ExitCode == ExitCode.Ok && input.Trails.Count == 0)
            problems.Report(ExitCode.BadUsage, "The input has no Trail; give one with -f");
        return ruleFiles;
    }

    /// <summary>The Trails, and what TrailSelectors add to each. One that is skipped is reported.</summary>
    internal static IReadOnlyList<(Trail Trail, IReadOnlyList<RuleSet> Sets)> Attach(RenderInput input, RuleFilesOfInput ruleFiles, Problems problems)
    {
        foreach (var selector in input.Selectors.Where(selector => input.Trails.All(trail => trail.Metadata.Name != selector.Spec.Trail)))
            LeaveOut(selector, $"the input has no Trail {selector.Spec.Trail}", problems);
        return [.. input.Trails.Select(trail => (trail, Attached(trail, input, ruleFiles, problems)))];
    }

    static IReadOnlyList<RuleSet> Attached(Trail trail, RenderInput input, RuleFilesOfInput ruleFiles, Problems problems)
    {
        var allowed = Allowed(trail, input, problems)
            .OrderBy(selector => selector.Metadata.CreationTimestamp ?? DateTimeOffset.MaxValue)
            .ThenBy(selector => $"{selector.Key}", StringComparer.Ordinal)
            .ToList();
        var sets = allowed.Select(AgentFiles.RuleSet).ToList();
        var fitting = AgentManifests.Fitting(trail, sets, ruleFiles.Of(trail));
        foreach (var selector in allowed.Skip(fitting))
            LeaveOut(selector, $"the ConfigMap of Trail {trail.Key} is full", problems);
        return sets[..fitting];
    }

    static IEnumerable<TrailSelector> Allowed(Trail trail, RenderInput input, Problems problems)
    {
        foreach (var selector in input.Selectors.Where(selector => selector.Spec.Trail == trail.Metadata.Name))
        {
            if (Refusal(trail, selector, input) is { } refusal)
                LeaveOut(selector, refusal, problems);
            else
                yield return selector;
        }
    }

    static string? Refusal(Trail trail, TrailSelector selector, RenderInput input)
    {
        var @namespace = selector.Metadata.NamespaceProperty!;
        var policy = trail.Spec.SelectorPolicy;
        return policy.From switch
        {
            SelectorPolicyFrom.All => null,
            SelectorPolicyFrom.None => $"spec.selectorPolicy.from of Trail {trail.Key} is None",
            _ when !input.Namespaces.TryGetValue(@namespace, out var labels) => $"the input has no Namespace {@namespace}, whose labels decide",
            _ when policy.Selector!.Matches(input.Namespaces[@namespace]) => null,
            _ => $"spec.selectorPolicy.selector of Trail {trail.Key} does not match the labels of Namespace {@namespace}",
        };
    }

    // Without one of the texts it would be another hash than the operator's.
    static string? ReferencesHash(Trail trail, RenderInput input, string @namespace)
    {
        var texts = StartText.Of(trail)
            .Where(text => text.IsReadOnce)
            .Select(text => input.TextOf(text.ConfigMapName, text.Key, @namespace)).ToList();
        return texts.Contains(null) ? null : StartText.Hash([.. texts.OfType<string>()]);
    }

    static void LeaveOut(TrailSelector selector, string why, Problems problems) =>
        problems.Report(ExitCode.Ok, $"TrailSelector {selector.Key} is skipped: {why}");

    static void Report(string of, IEnumerable<string> sentences, Problems problems)
    {
        foreach (var sentence in sentences)
            problems.Report(ExitCode.BadUsage, $"{of}: {sentence}");
    }
}
