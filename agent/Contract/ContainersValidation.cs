using System.Text.RegularExpressions;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Contract;

/// <summary>What a source of containers must be beyond its form.</summary>
static partial class ContainersValidation
{
    const int MostKept = 100;

    const string Names = "a name of a-z, 0-9, '-' and '.', with * for any characters";

    public static void Check(ContainersConfiguration containers, string field, Problems problems)
    {
        AgentValidation.CheckPath($"{field}.path", containers.Path, problems);
        if (containers.DockerPath is { } docker)
        {
            AgentValidation.CheckPath($"{field}.dockerPath", docker, problems);
        }

        problems.CheckRange($"{field}.pollIntervalMilliseconds", containers.PollIntervalMilliseconds, 10, 60_000);
        problems.CheckRange($"{field}.maxLineBytes", containers.MaxLineBytes, 4096, 1 << 20);
        problems.CheckRange($"{field}.maxOpenFiles", containers.MaxOpenFiles, 1, 1_000_000);
        problems.CheckRange($"{field}.maxHeldBytes", containers.MaxHeldBytes, 1 << 20, 1L << 40);
        problems.CheckRange($"{field}.maxPartialBytes", containers.MaxPartialBytes, 1 << 20, 1 << 30);
        AgentValidation.CheckFile($"{field}.rulesFile", containers.RulesFile, "the path of a file of rules, or omit the field", problems);
        if (containers.Rules.Count == 0 && containers.RulesFile is null)
        {
            problems.Add($"{field}.rules", containers.Rules, "at least one rule, or give rulesFile");
        }

        Check(containers.Rules, $"{field}.rules", problems);
    }

    public static void Check(IReadOnlyList<ContainerRule> rules, string field, Problems problems)
    {
        for (var at = 0; at < rules.Count; at++)
        {
            Check(rules[at], $"{field}[{at}]", problems);
        }
    }

    public static void Check(IReadOnlyList<PodRule> rules, string field, Problems problems)
    {
        for (var at = 0; at < rules.Count; at++)
        {
            Check(rules[at], $"{field}[{at}]", problems);
        }
    }

    static void Check(ContainerRule rule, string field, Problems problems)
    {
        Check((PodRule)rule, field, problems);
        for (var at = 0; at < rule.Fields.Count; at++)
        {
            CheckField(rule.Fields[at], $"{field}.fields[{at}]", problems);
        }

        CheckOnly(rule, $"{field}.only", problems);
    }

    static void Check(PodRule rule, string field, Problems problems)
    {
        if (rule.Namespaces.Count == 0)
        {
            problems.Add($"{field}.namespaces", rule.Namespaces, "at least one namespace; * is any");
        }

        Check(rule.Namespaces, Namespace(), $"{field}.namespaces", "* or the name of a namespace: 1 to 63 of a-z, 0-9 and '-'", problems);
        Check(rule.Pods, Pattern(), $"{field}.pods", Names, problems);
        Check(rule.PodUids ?? [], Uid(), $"{field}.podUids", "the uid of a pod: 8 to 64 of 0-9, a-f and '-'", problems);
        Check(rule.PodLabels, $"{field}.podLabels", problems);
        Check(rule.Containers, Pattern(), $"{field}.containers", Names, problems);
    }

    static void Check(LabelSelector? labels, string field, Problems problems)
    {
        for (var at = 0; at < labels?.MatchExpressions.Count; at++)
        {
            var requirement = labels.MatchExpressions[at];
            var needsValues = requirement.Operator is LabelOperator.In or LabelOperator.NotIn;
            if (needsValues != requirement.Values.Count > 0)
            {
                problems.Add(
                    $"{field}.matchExpressions[{at}].values", requirement.Values,
                    $"{(needsValues ? "one value or more" : "none")}, because the operator is {requirement.Operator}");
            }
        }
    }

    static void CheckOnly(ContainerRule rule, string field, Problems problems)
    {
        if (rule.Only.Count > MostKept)
        {
            problems.Add(field, rule.Only, $"at most {MostKept} names");
        }

        if (rule.Only.Count > 0 && rule.Format != OutputFormat.Json)
        {
            problems.AddText(field, "is given, and format is Text; allowed: format JSON, because only a JSON object has members.");
        }

        Check(rule.Only, Member(), field, "the name of a member of the message itself: 1 to 128 characters without quotes and \\", problems);
    }

    static void CheckField(FieldCondition condition, string field, Problems problems)
    {
        SelectorsValidation.Check(condition, field, problems);
        if (!Message().IsMatch(condition.Path))
        {
            problems.Add($"{field}.path", condition.Path, "message, or a path that begins with message. or message[");
        }
    }

    static void Check(IReadOnlyList<string> values, Regex allowed, string field, string sentence, Problems problems)
    {
        for (var at = 0; at < values.Count; at++)
        {
            if (!allowed.IsMatch(values[at]))
            {
                problems.Add($"{field}[{at}]", values[at], sentence);
            }
        }
    }

    [GeneratedRegex("^(\\*|[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Namespace();

    [GeneratedRegex("^[a-z0-9.*-]{1,253}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();

    [GeneratedRegex("^[0-9a-f-]{8,64}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Uid();

    [GeneratedRegex("^[^\"\\\\\\p{Cc}]{1,128}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Member();

    [GeneratedRegex("^(\\$\\.)?message([.\\[]|\\z)", RegexOptions.CultureInvariant)]
    private static partial Regex Message();
}
