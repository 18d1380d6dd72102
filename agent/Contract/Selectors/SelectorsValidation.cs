using System.Globalization;
using System.Net;
using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Contract.Selectors;

/// <summary>What a selectors file must be beyond its form; the rules of audit.k8s.io/v1 validation and our own.</summary>
static class SelectorsValidation
{
    const int MaxPatternLength = 1024;

    public static void Check(SelectorsFile file, Problems problems)
    {
        for (var set = 0; set < file.RuleSets.Count; set++)
        {
            var field = $"ruleSets[{set}]";
            if (file.RuleSets[set].Name.Length == 0)
            {
                problems.Add($"{field}.name", "", "a name");
            }

            if (file.RuleSets[set].Namespace is "")
            {
                problems.Add($"{field}.namespace", "", "a namespace, or omit the field");
            }

            for (var rule = 0; rule < file.RuleSets[set].Rules.Count; rule++)
            {
                Check(file.RuleSets[set].Rules[rule], $"{field}.rules[{rule}]", problems);
            }
        }
    }

    static void Check(SelectorRule rule, string field, Problems problems)
    {
        if (rule.Aggregate && rule.Level != SelectorLevel.Metadata)
        {
            problems.Add($"{field}.level", rule.Level.ToString(), "Metadata together with aggregate, since a roll-up has no bodies");
        }

        CheckRequest(rule.Resources, rule.Namespaces, rule.NonResourceURLs, field, problems);
        for (var condition = 0; condition < rule.Fields.Count; condition++)
        {
            Check(rule.Fields[condition], $"{field}.fields[{condition}]", problems);
        }
    }

    /// <summary>Checks what a request is about: objects, or paths.</summary>
    public static void CheckRequest(
        IReadOnlyList<GroupResources> resources, IReadOnlyList<string> namespaces, IReadOnlyList<string> urls, string field,
        Problems problems)
    {
        if (urls.Count > 0 && (resources.Count > 0 || namespaces.Count > 0))
        {
            problems.Add($"{field}.nonResourceURLs", urls[0], "none together with resources or namespaces: use two rules");
        }

        for (var url = 0; url < urls.Count; url++)
        {
            if (!IsUrlPattern(urls[url]))
            {
                problems.Add(
                    $"{field}.nonResourceURLs[{url}]", urls[url], "*, or a path that starts with / and has a * at most at its end");
            }
        }

        for (var group = 0; group < resources.Count; group++)
        {
            Check(resources[group], $"{field}.resources[{group}]", problems);
        }
    }

    static void Check(GroupResources resources, string field, Problems problems)
    {
        if (resources.Group.Contains('/') || resources.Group.Any(char.IsUpper))
        {
            problems.Add($"{field}.group", resources.Group, "an API group without its version, such as rbac.authorization.k8s.io");
        }

        if (resources.ResourceNames.Count > 0 && resources.Resources.Count == 0)
        {
            problems.Add($"{field}.resourceNames", resources.ResourceNames[0], "none without resources: name the resources too");
        }
    }

    public static void CheckPath(string path, string field, Problems problems)
    {
        if (!FieldPath.TryParse(path, out _, out var problem))
        {
            problems.Add($"{field}.path", path, $"a path such as user.groups[*] or annotations[\"a.b/c\"]; {problem}");
        }
    }

    public static void Check(FieldCondition condition, string field, Problems problems)
    {
        CheckPath(condition.Path, field, problems);
        if (ExpectedCount(condition) is { } allowed)
        {
            problems.Add($"{field}.values", condition.Values, allowed);
        }

        for (var value = 0; value < condition.Values.Count; value++)
        {
            if (Expected(condition.Operator, condition.Values[value]) is { } expected)
            {
                problems.Add($"{field}.values[{value}]", condition.Values[value], expected);
            }
        }
    }

    static string? ExpectedCount(FieldCondition condition) => condition.Operator switch
    {
        FieldOperator.Exists => condition.Values.Count > 1 ? "none, \"true\" or \"false\"" : null,
        FieldOperator.IsNull => condition.Values.Count > 0 ? "none with IsNull" : null,
        _ => condition.Values.Count == 0 ? "one or more" : null,
    };

    static string? Expected(FieldOperator fieldOperator, string value) => fieldOperator switch
    {
        FieldOperator.Exists when value is not ("true" or "false") => "\"true\" or \"false\"",
        FieldOperator.InCIDR when !IsNetwork(value) => "a network such as 10.0.0.0/8 or fd00::/8, without host bits",
        FieldOperator.Matches => PatternProblem(value),
        FieldOperator.LongerThan when !IsLength(value) => "a number of bytes from 0 to 1073741824",
        FieldOperator.EqualsField or FieldOperator.NotEqualsField when !FieldPath.TryParse(value, out _, out var problem) =>
            $"the path of a field, such as objectRef.namespace; {problem}",
        _ => null,
    };

    static bool IsLength(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes <= 1 << 30;

    // IPNetwork clears host bits without a word; that they were given is rather a mistake.
    public static bool IsNetwork(string value) =>
        IPNetwork.TryParse(value, out var network)
        && IPAddress.Parse(value[..value.IndexOf('/', StringComparison.Ordinal)]).Equals(network.BaseAddress);

    static string? PatternProblem(string pattern)
    {
        if (pattern.Length > MaxPatternLength)
        {
            return $"a regular expression of at most {MaxPatternLength} characters";
        }

        try
        {
            ValuePattern.Check(pattern);
            return null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return $"a regular expression that needs no backtracking (no back-references, no look-around); {e.Message}";
        }
    }

    static bool IsUrlPattern(string url) => url == "*" || (url.StartsWith('/') && !url[..^1].Contains('*'));
}
