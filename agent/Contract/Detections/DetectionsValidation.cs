using System.Text.RegularExpressions;
using ClusterTrail.Contract.Reading;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Contract.Detections;

/// <summary>What rules, and the file that puts them in force, must be beyond their form.</summary>
static partial class DetectionsValidation
{
    // Each rule is a few time series of every agent.
    const int MostRules = 200;
    const int MostItems = 1000;
    const int LongestItem = 512;
    const string NameRule = "1 to 63 of a-z, 0-9 and '-', with a letter or digit at both ends";

    public static void Check(DetectionsFile file, Problems problems)
    {
        CheckNames("packs", file.Packs, [.. Packs.All.Select(pack => pack.Name)], "pack", problems);
        IReadOnlyList<string> rules = [.. Packs.Rules.Concat(file.Rules).Select(rule => rule.Name)];
        CheckNames("enable", file.Enable, rules, "rule", problems);
        CheckNames("disable", file.Disable, rules, "rule", problems);
        Check(new RuleFile { Lists = file.Lists, Rules = file.Rules }, problems);
    }

    public static void Check(RuleFile file, Problems problems)
    {
        CheckLists(file.Lists, problems);
        CheckNetworks(file, problems);
        if (file.Rules.Count > MostRules)
            problems.Add("rules", file.Rules, $"at most {MostRules}: each is time series of every agent");
        var taken = Packs.Rules.Select(rule => rule.Name).ToHashSet();
        CheckRules(file, taken, [.. Packs.All.SelectMany(pack => pack.Content.Lists.Keys), .. file.Lists.Keys], problems);
    }

    static void CheckRules(RuleFile file, HashSet<string> taken, HashSet<string> lists, Problems problems)
    {
        for (var at = 0; at < file.Rules.Count; at++)
        {
            var (field, rule) = ($"rules[{at}]", file.Rules[at]);
            CheckHead(rule, field, problems);
            if (!taken.Add(rule.Name))
                problems.Add($"{field}.name", rule.Name, "a name that no other rule has, including those of the packs");
            new RuleValidation(lists, problems).Check(rule, field);
        }
    }

    static void CheckHead(DetectionRule rule, string field, Problems problems)
    {
        if (!Name().IsMatch(rule.Name))
            problems.Add($"{field}.name", rule.Name, NameRule);
        if (!Name().IsMatch(rule.Group))
            problems.Add($"{field}.group", rule.Group, NameRule);
        if (rule.Description.Length is 0 or > LongestItem)
            problems.Add($"{field}.description", rule.Description, $"a sentence of at most {LongestItem} characters");
        if (rule.Runbook is { } runbook && !(Uri.TryCreate(runbook, UriKind.Absolute, out var url) && url.Scheme is "https" or "http"))
            problems.Add($"{field}.runbook", runbook, "a URL that starts with https:// or http://");
        if (rule.Tags.FirstOrDefault(tag => !Tag().IsMatch(tag)) is { } wrong)
            problems.Add($"{field}.tags", wrong, "such as MITRE:T1609: letters, digits, ':', '.', '_' and '-', at most 64");
        if (rule.Stages.Count == 0 || rule.Stages.Distinct().Count() < rule.Stages.Count)
            problems.Add($"{field}.stages", string.Join(", ", rule.Stages), "one or more stages, each once");
        if (rule.Source == RuleSource.Process)
            CheckProcess(rule, field, problems);
    }

    // A process has no stages and no user: such a rule could never fire.
    static void CheckProcess(DetectionRule rule, string field, Problems problems)
    {
        if (rule.Stages is not [AuditStage.ResponseComplete])
            problems.AddText($"{field}.stages", "is given; allowed: omit it, because the source is Process.");
        if (rule.Match.Users.Count > 0 || rule.Match.UserGroups.Count > 0 || rule.Match.NonResourceURLs.Count > 0)
            problems.AddText($"{field}.match", "names users, userGroups or nonResourceURLs, which a process does not have; use fields.");
    }

    static void CheckLists(IReadOnlyDictionary<string, IReadOnlyList<string>> lists, Problems problems)
    {
        foreach (var (name, items) in lists)
        {
            if (!Name().IsMatch(name))
                problems.Add("lists", name, NameRule);
            if (items.Count > MostItems)
                problems.Add($"lists.{name}", items, $"at most {MostItems} items");
            if (items.FirstOrDefault(item => item.Length is 0 or > LongestItem) is { } wrong)
                problems.Add($"lists.{name}", wrong, $"items of 1 to {LongestItem} characters");
        }
    }

    static void CheckNetworks(RuleFile file, Problems problems)
    {
        foreach (var name in NetworkLists.Of(Packs.Rules.Concat(file.Rules)))
        {
            if (file.Lists.GetValueOrDefault(name, []).FirstOrDefault(item => !SelectorsValidation.IsNetwork(item)) is { } wrong)
                problems.Add($"lists.{name}", wrong, "networks such as 10.0.0.0/8, without host bits: rules use the list with InCIDR");
        }
    }

    static void CheckNames(string field, IReadOnlyList<string> names, IReadOnlyList<string> known, string kind, Problems problems)
    {
        for (var at = 0; at < names.Count; at++)
        {
            if (!known.Contains(names[at]))
                problems.Add(
                    $"{field}[{at}]", names[at],
                    kind == "pack" ? string.Join(", ", known) : "the name of a rule; kubectl trail detections list shows them");
        }
    }

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9:._-]{0,63}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();
}
