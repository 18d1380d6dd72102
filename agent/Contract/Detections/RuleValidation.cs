using ClusterTrail.Contract.Reading;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Contract.Detections;

/// <summary>What a rule's match, exceptions and threshold must be beyond their form.</summary>
/// <param name="lists">The lists that there are.</param>
sealed class RuleValidation(IReadOnlySet<string> lists, Problems problems)
{
    const int DeepestMatch = 8;
    const int MostParts = 200;
    const int MostBy = 3;
    // Each is remembered, of each window.
    const int MostDistinct = 100;
    int parts;

    public void Check(DetectionRule rule, string field)
    {
        Check(rule.Match, $"{field}.match", 1);
        if (parts > MostParts)
            problems.AddText($"{field}.match", $"has {parts} parts; allowed: at most {MostParts}.");
        CheckItems($"{field}.exceptions.users", rule.Exceptions.Users);
        CheckItems($"{field}.exceptions.userGroups", rule.Exceptions.UserGroups);
        CheckItems($"{field}.exceptions.namespaces", rule.Exceptions.Namespaces);
        CheckItems($"{field}.exceptions.images", rule.Exceptions.Images);
        if (rule.Threshold is { } threshold)
            Check(threshold, $"{field}.threshold");
    }

    void Check(Match match, string field, int depth)
    {
        parts++;
        if (depth > DeepestMatch)
        {
            problems.AddText(field, $"is nested deeper than {DeepestMatch}; allowed: fewer levels of any, all and none.");
            return;
        }

        CheckItems($"{field}.users", match.Users);
        CheckItems($"{field}.userGroups", match.UserGroups);
        CheckItems($"{field}.namespaces", match.Namespaces);
        SelectorsValidation.CheckRequest(match.Resources, match.Namespaces, match.NonResourceURLs, field, problems);
        for (var at = 0; at < match.Resources.Count; at++)
            CheckItems($"{field}.resources[{at}].resourceNames", match.Resources[at].ResourceNames);
        for (var at = 0; at < match.Fields.Count; at++)
            Check(match.Fields[at], $"{field}.fields[{at}]", depth + 1);
        foreach (var (name, matches) in new[] { ("any", match.Any), ("all", match.All), ("none", match.None) })
        {
            for (var at = 0; at < matches.Count; at++)
                Check(matches[at], $"{field}.{name}[{at}]", depth + 1);
        }
    }

    void Check(MatchCondition condition, string field, int depth)
    {
        parts++;
        if (condition.Operator is { } fieldOperator && condition.Where.Count == 0)
        {
            // What is in a list is checked where the list is.
            IReadOnlyList<string> values = fieldOperator == FieldOperator.InCIDR
                ? [.. condition.Values.Where(value => NamedLists.NameIn(value) is null)]
                : condition.Values;
            if (values.Count == 0 && condition.Values.Count > 0)
                SelectorsValidation.CheckPath(condition.Path, field, problems);
            else
                SelectorsValidation.Check(
                    new FieldCondition { Path = condition.Path, Operator = fieldOperator, Values = values }, field, problems);
            CheckValues($"{field}.values", fieldOperator, condition.Values);
            return;
        }

        if (condition.Operator is not null || condition.Where.Count == 0)
        {
            var has = condition.Operator is null ? "neither operator nor where" : "operator and where";
            problems.AddText(field, $"has {has}; allowed: one of the two.");
        }

        if (condition.Values.Count > 0)
            problems.Add($"{field}.values", condition.Values, "none beside where");
        SelectorsValidation.CheckPath(condition.Path, field, problems);
        if (depth > DeepestMatch)
            problems.AddText(field, $"is nested deeper than {DeepestMatch}; allowed: fewer levels of where.");
        for (var at = 0; depth <= DeepestMatch && at < condition.Where.Count; at++)
            Check(condition.Where[at], $"{field}.where[{at}]", depth + 1);
    }

    // An operator that reads its values takes no lists; but for InCIDR, see NetworkLists.
    void CheckValues(string field, FieldOperator fieldOperator, IReadOnlyList<string> values)
    {
        if (fieldOperator
            is not (FieldOperator.Matches or FieldOperator.Exists or FieldOperator.EqualsField or FieldOperator.NotEqualsField))
            CheckItems(field, values);
        var noList = fieldOperator switch
        {
            FieldOperator.Matches => "a regular expression and no list; $$ at the start stands for $",
            FieldOperator.EqualsField or FieldOperator.NotEqualsField => "the path of a field without $ at the start, and no list",
            _ => null,
        };
        for (var at = 0; noList is not null && at < values.Count; at++)
        {
            if (NamedLists.NameIn(values[at]) is not null)
                problems.Add($"{field}[{at}]", values[at], noList);
        }
    }

    void CheckItems(string field, IReadOnlyList<string> items)
    {
        for (var at = 0; at < items.Count; at++)
        {
            if (NamedLists.NameIn(items[at]) is { } name && !lists.Contains(name))
            {
                var names = string.Join(", ", lists.Order(StringComparer.Ordinal).Select(list => $"${list}"));
                problems.Add($"{field}[{at}]", items[at], $"an existing list ({names}), or $$ for a literal $");
            }
        }
    }

    void Check(Threshold threshold, string field)
    {
        problems.CheckRange($"{field}.count", threshold.Count, 2, 10_000);
        problems.CheckRange($"{field}.windowSeconds", threshold.WindowSeconds, 1, 3600);
        if (threshold.By.Count > MostBy || threshold.By.Distinct().Count() < threshold.By.Count)
            problems.Add($"{field}.by", threshold.By, $"at most {MostBy} paths, each once");
        if (threshold.Distinct is { } distinct)
        {
            if (!Threshold.AllowedBy.Contains(distinct) || threshold.By.Contains(distinct))
                problems.Add($"{field}.distinct", distinct, $"one of {string.Join(", ", Threshold.AllowedBy)} that is not in by");
            problems.CheckRange($"{field}.count", threshold.Count, 2, MostDistinct);
        }

        for (var at = 0; at < threshold.By.Count; at++)
        {
            if (!Threshold.AllowedBy.Contains(threshold.By[at]))
                problems.Add(
                    $"{field}.by[{at}]", threshold.By[at], $"a path whose values are few: {string.Join(", ", Threshold.AllowedBy)}");
        }
    }
}
