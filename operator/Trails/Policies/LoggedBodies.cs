using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Trails.Policies;

/// <summary>Warns of a policy by which kube-apiserver writes what is secret into its log.</summary>
static class LoggedBodies
{
    // Whose body has the secret: of a TokenRequest only the response.
    static readonly IReadOnlyList<(string Name, string Group, SelectorLevel From)> Secrets =
    [
        ("secrets", "", SelectorLevel.Request),
        ("serviceaccounts/token", "", SelectorLevel.RequestResponse),
        ("tokenreviews", "authentication.k8s.io", SelectorLevel.Request),
    ];

    /// <summary>A sentence a line; nothing if no such body is logged.</summary>
    internal static IEnumerable<string> Warning(IReadOnlyList<PolicyRule> rules)
    {
        var logged = Secrets.Select(secret => (secret.Name, By: Logging(secret.Group, secret.Name, secret.From, rules).ToList()))
            .Where(one => one.By.Count > 0).ToList();
        var (bodies, askers) = (List(logged.Select(one => one.Name)), List(logged.SelectMany(one => one.By).Distinct()));
        return logged.Count == 0 ? [] :
        [
            $"WARNING: kube-apiserver will write the bodies of {bodies} to the log on each control-plane node,",
            $"so that anyone who can read that file can read every Secret and token in it. Asked for by: {askers}.",
            "To keep them out, make this the first rule of spec.selectors:",
            "  level: Metadata",
            "  resources:",
            "  - {group: \"\", resources: [secrets, serviceaccounts/token]}",
            "  - {group: authentication.k8s.io, resources: [tokenreviews]}",
            "and, if the Trail has no spec.selectors yet, {level: RequestResponse} the second, which records everything else as before.",
        ];
    }

    // Which rule sets have a rule that is the first to match some request for it.
    static IEnumerable<string> Logging(string group, string resource, SelectorLevel from, IReadOnlyList<PolicyRule> rules)
    {
        var secret = new SelectorRule { Level = from, Resources = [new() { Group = group, Resources = [resource] }] };
        var before = new List<SelectorRule>();
        foreach (var rule in rules)
        {
            var both = rule.Rule.Level >= from ? Scope.Intersect(rule.Rule, secret) : null;
            if (both is not null && !before.Any(earlier => Scope.Covers(earlier, both)))
                yield return rule.Of;
            if (Scope.Covers(rule.Rule, secret))
                yield break;
            before.Add(rule.Rule);
        }
    }

    static string List(IEnumerable<string> names) =>
        names.ToList() is [.. { Count: > 0 } first, var last] ? $"{string.Join(", ", first)} and {last}" : string.Concat(names);
}
