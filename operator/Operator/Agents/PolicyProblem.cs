using System.Buffers;
using ClusterTrail.Contract.Selectors;
using ClusterTrail.Contract.Status;

namespace ClusterTrail.Operator.Agents;

/// <summary>Why what an agent says of the audit policy cannot be trusted: a condition shows it, and a rule to install. Pure.</summary>
static class PolicyProblem
{
    // A ConfigMap has no room for more.
    const int MostRules = 1 << 20;

    static readonly SearchValues<char> OfNames = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-./");

    public static string? Of(PolicyStatus policy) => policy switch
    {
        { Shortfalls: null } => Wrong("shortfalls"),
        { Shortfalls.Count: > PolicyStatus.MostShortfalls } => Wrong("shortfalls"),
        { MissingStages: null } or { MissingStages.Count: > PolicyStatus.MostShortfalls } => Wrong("missingStages"),
        _ when !policy.MissingStages.All(one => one is { Rule: >= 0 and < MostRules } && Enum.IsDefined(one.Stage)) =>
            Wrong("missingStages"),
        { Rules: < 0 or > MostRules } => Wrong("rules"),
        _ when !policy.Shortfalls.All(IsShortfall) => Wrong("shortfalls"),
        _ => null,
    };

    static bool IsShortfall(PolicyShortfall one) =>
        one is { Rule: >= 0 and < MostRules, Arrives: >= SelectorLevel.Metadata, Asked: <= SelectorLevel.RequestResponse }
        && one.Arrives < one.Asked
        && IsName(one.RuleSet) && IsName(one.Verb) && IsName(one.Resource) && (one.Group == "" || IsName(one.Group));

    static bool IsName(string? name) => name is { Length: > 0 and <= CleanReport.LongestName } && !name.AsSpan().ContainsAnyExcept(OfNames);

    static string Wrong(string field) => $"selectors.policy.{field} of its status is nothing that an agent reports.";
}
