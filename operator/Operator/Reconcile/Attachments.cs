using System.Runtime.CompilerServices;
using ClusterTrail.Contract;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Kubernetes;
using ClusterTrail.Operator.Cache;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;
using ClusterTrail.Trails.Files;
using ClusterTrail.Trails.Validation;

namespace ClusterTrail.Operator.Reconcile;

/// <summary>Which TrailSelectors are part of a Trail, and why others are not.</summary>
static class Attachments
{
    /// <summary>What the attached rules of one Trail may take of a ConfigMap, whose limit is 1 MiB.</summary>
    public const int RoomBytes = 800_000;

    // A resource is never changed, only replaced: what was found out about it holds for as long as it lives.
    static readonly ConditionalWeakTable<TrailSelector, Judged> Known = [];

    /// <summary>The TrailSelectors that name the Trail, the oldest first, each with the reason if it is rejected.</summary>
    public static IReadOnlyList<(TrailSelector Selector, Rejection? Refused)> Of(string trail, ClusterCache cache)
    {
        var naming = cache.Selectors.Objects.Where(selector => selector.Spec.Trail == trail && selector.Metadata.DeletionTimestamp is null);
        var policy = cache.Trails.Find(new(null, trail))?.Spec.SelectorPolicy;
        var room = RoomBytes;
        var all = new List<(TrailSelector, Rejection?)>();
        var byAge = naming.OrderBy(selector => selector.Metadata.CreationTimestamp)
            .ThenBy(selector => selector.Key.ToString(), StringComparer.Ordinal);
        foreach (var selector in byAge)
        {
            var judged = Known.GetValue(selector, Judge);
            var refused = Refusal(selector, trail, policy, cache) ?? judged.Problem;
            if (refused is null && (room -= judged.Bytes) < 0)
            {
                refused = new(
                    "NoRoom",
                    $"The TrailSelectors of Trail {trail} together are larger than {RoomBytes} bytes; older ones have precedence. "
                        + "Use fewer rules, or move them to the Trail.");
            }

            all.Add((selector, refused));
        }

        return all;
    }

    /// <summary>The rule sets of those that are accepted.</summary>
    public static IReadOnlyList<RuleSet> RuleSets(IEnumerable<(TrailSelector Selector, Rejection? Refused)> attachments) =>
    [
        .. from attachment in attachments
           where attachment.Refused is null
           select Known.GetValue(attachment.Selector, Judge).RuleSet,
    ];

    static Rejection? Refusal(TrailSelector selector, string trail, SelectorPolicy? policy, ClusterCache cache) => policy switch
    {
        null => new("TrailNotFound", $"There is no Trail {trail}. Correct spec.trail, or ask an admin for that Trail."),
        { From: SelectorPolicyFrom.None } =>
            new("NotAllowed",
                $"Trail {trail} accepts no TrailSelectors: its spec.selectorPolicy.from is None; an admin can set All or Selector."),
        { From: SelectorPolicyFrom.Selector, Selector: { } labels }
            when !labels.Matches(LabelsOf(selector.Metadata.NamespaceProperty!, cache)) =>
            new(
                "NotAllowed",
                $"Trail {trail} accepts TrailSelectors of some namespaces only, and the labels of {selector.Metadata.NamespaceProperty} "
                    + "do not match its spec.selectorPolicy.selector; an admin can label the namespace."),
        _ => null,
    };

    static IReadOnlyDictionary<string, string> LabelsOf(string name, ClusterCache cache) =>
        cache.Namespaces.Find(new(null, name))?.LabelMap ?? new Dictionary<string, string>();

    static Judged Judge(TrailSelector selector)
    {
        var set = AgentFiles.RuleSet(selector);
        var problems = SelectorProblems.Of(selector);
        return new(set, Contracts.Write(new SelectorsFile { RuleSets = [set] }).Length,
            problems.Count == 0 ? null : new("InvalidRules", string.Join(' ', problems)));
    }

    sealed record Judged(RuleSet RuleSet, int Bytes, Rejection? Problem);
}
