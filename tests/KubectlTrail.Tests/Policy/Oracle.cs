using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Trails.Policies;

namespace ClusterTrail.Kubectl.Tests.Policy;

/// <summary>What a policy gives and what rule sets ask for, in the plainest words.</summary>
static class Oracle
{
    internal static SelectorLevel Given(AuditPolicy policy, Request request)
    {
        var rule = policy.Rules.FirstOrDefault(rule => Matches(rule.Rule, request))?.Rule;
        return rule is null || policy.OmitStages.Concat(rule.OmitStages).Contains(request.Stage) ? SelectorLevel.None : rule.Level;
    }

    /// <summary>The highest level of all sets, and what the conditions of the rules that give one need to be decided.</summary>
    internal static SelectorLevel Asked(IEnumerable<RuleSet> sets, Request request) =>
        sets.Select(set => Asked(set, request)).DefaultIfEmpty(SelectorLevel.None).Max();

    static SelectorLevel Asked(RuleSet set, Request request)
    {
        if (set.Namespace is not null && (request.Resource is null || request.Namespace != set.Namespace))
            return SelectorLevel.None;
        var rule = set.Rules.FirstOrDefault(rule => Matches(rule, request) && rule.Fields.All(field => request.True.Contains(field.Path)));
        return rule is null || rule.Level == SelectorLevel.None || set.OmitStages.Concat(rule.OmitStages).Contains(request.Stage)
            ? SelectorLevel.None
            : rule.Fields.Select(Needed).Append(rule.Level).Max();
    }

    /// <summary>The level that a detection needs to judge the request; None if it is not about it.</summary>
    internal static SelectorLevel Needed(DetectionRule detection, Request request) =>
        !detection.Stages.Contains(request.Stage) ? SelectorLevel.None
        : Needed(detection.Match, request) is > SelectorLevel.Metadata and var level
            && request is not { Group: "", Resource: "secrets" } ? level
        : Needed(detection.Match, request) > SelectorLevel.None ? SelectorLevel.Metadata
        : SelectorLevel.None;

    static SelectorLevel Needed(Match match, Request request)
    {
        var region = new SelectorRule
        {
            Level = SelectorLevel.Metadata,
            Users = match.Users,
            UserGroups = match.UserGroups,
            Verbs = match.Verbs,
            Namespaces = match.Namespaces,
            Resources = match.Resources,
            NonResourceURLs = match.NonResourceURLs,
        };
        var parts = match.All.Select(one => Needed(one, request)).ToList();
        if (match.Any.Count > 0)
            parts.Add(match.Any.Max(one => Needed(one, request)));
        return !Matches(region, request) || parts.Contains(SelectorLevel.None) ? SelectorLevel.None
            : match.Fields.Select(field => Needed(field.Path)).Concat(parts).Append(SelectorLevel.Metadata).Max();
    }

    static SelectorLevel Needed(FieldCondition field) => Needed(field.Path);

    static SelectorLevel Needed(string path) =>
        path.StartsWith("responseObject", StringComparison.Ordinal) ? SelectorLevel.RequestResponse
        : path.StartsWith("requestObject", StringComparison.Ordinal) ? SelectorLevel.Request
        : SelectorLevel.Metadata;

    static bool Matches(SelectorRule rule, Request request) =>
        (rule.Users.Count == 0 || rule.Users.Contains(request.User))
        && (rule.UserGroups.Count == 0 || rule.UserGroups.Intersect(request.Groups).Any())
        && (rule.Verbs.Count == 0 || rule.Verbs.Contains(request.Verb))
        && MatchesTarget(rule, request);

    static bool MatchesTarget(SelectorRule rule, Request request) => rule switch
    {
        { Resources.Count: 0, Namespaces.Count: 0, NonResourceURLs.Count: 0 } => true,
        { NonResourceURLs.Count: > 0 } => request.Resource is null && rule.NonResourceURLs.Any(url => MatchesUrl(url, request.Url)),
        _ => request.Resource is not null
            && (rule.Namespaces.Count == 0 || rule.Namespaces.Contains(request.Namespace))
            && (rule.Resources.Count == 0 || rule.Resources.Any(resources => Matches(resources, request))),
    };

    static bool Matches(GroupResources resources, Request request)
    {
        if (resources.Group != "*" && resources.Group != request.Group)
            return false;
        var parts = request.Resource!.Split('/');
        var isNamed = resources.ResourceNames.Count == 0 || resources.ResourceNames.Contains(request.Name);
        return resources.Resources.Count == 0 || (isNamed && resources.Resources.Any(pattern =>
            pattern == "*"
                || pattern == request.Resource
                || pattern == $"{parts[0]}/*"
                || (parts.Length > 1 && pattern == $"*/{parts[1]}")));
    }

    static bool MatchesUrl(string pattern, string url) =>
        pattern.EndsWith('*') ? url.StartsWith(pattern[..^1], StringComparison.Ordinal) : pattern == url;
}
