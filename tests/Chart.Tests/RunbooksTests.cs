namespace ClusterTrail.Chart.Tests;

public sealed class RunbooksTests
{
    static readonly HashSet<string> Entries = [.. Runbooks.Pages.SelectMany(Runbooks.Entries)];

    [Fact]
    public void EveryAlertOfThePipelineHasAPageOfItsOwn() => Assert.All(
        RuleFiles.Alerts.Where(alert => alert["labels"]!["detection_severity"] is null),
        alert =>
        {
            var page = Kebab(((string)alert["alert"]!)["ClusterTrail".Length..]);
            Assert.Equal($"{Runbooks.Base}/{page}", (string?)alert["annotations"]!["runbook_url"]);
            Assert.Contains(page, Entries);
        });

    [Fact]
    public void EveryRuleOfAPackHasASectionWhereItsURLLeads()
    {
        var rules = Runbooks.PackRules;

        Assert.NotEmpty(rules);
        Assert.All(rules, rule =>
        {
            var entry = $"{rule["group"]}#{rule["name"]}";
            Assert.Equal($"{Runbooks.Base}/{entry}", (string?)rule["runbook"]);
            Assert.Contains(entry, Entries);
        });
    }

    [Fact]
    public void AnAlertOnAFindingLeadsToTheSectionOfItsRule() => Assert.All(
        RuleFiles.Alerts.Where(alert => alert["labels"]!["detection_severity"] is not null),
        alert =>
        {
            var url = (string)alert["annotations"]!["runbook_url"]!;
            Assert.StartsWith($"{Runbooks.Base}/", url, StringComparison.Ordinal);
            Assert.Contains("#{{ $labels.rule }}", url, StringComparison.Ordinal);
            // Either of the page of one group, or of those of the groups that are named.
            var groups = url[(Runbooks.Base.Length + 1)..].Split('#')[0] is var page && page.Contains('^', StringComparison.Ordinal)
                ? page.Split("^(")[1].Split(")$")[0].Split('|')
                : [page];
            Assert.All(groups, group => Assert.Contains(group, Entries));
        });

    [Fact]
    public void EveryGroupOfAPackIsOneThatAlertsKnow()
    {
        var finding = RuleFiles.Alerts.Single(alert => (string?)alert["alert"] == "ClusterTrailLowFinding");
        var known = ((string)finding["annotations"]!["runbook_url"]!).Split("^(")[1].Split(")$")[0].Split('|').ToHashSet();

        Assert.Subset(known, Runbooks.PackRules.Select(rule => (string)rule["group"]!).ToHashSet());
    }

    [Fact]
    public void EveryRuleOfAPackFromMediumOnHasTheAlertOfItsGroup()
    {
        var alerts = RuleFiles.Alerts.Select(alert => (string)alert["alert"]!).ToHashSet();
        var needed = Runbooks.PackRules
            .Where(rule => (string?)rule["severity"] is "medium" or "high" or "critical")
            .Select(rule => $"ClusterTrail{Camel((string)rule["severity"]!)}{Camel((string)rule["group"]!)}");

        Assert.Empty(needed.Except(alerts));
    }

    [Fact]
    public void EveryLinkLeadsSomewhere() => Assert.All(Runbooks.Pages.Append("README"), page =>
    {
        foreach (var target in Runbooks.Links(page))
        {
            var (file, anchor) = (target.Split('#')[0], target.Split('#').ElementAtOrDefault(1));
            var path = file.Length == 0 ? Runbooks.PathOf(page) : Path.GetFullPath(file, Path.GetDirectoryName(Runbooks.PathOf(page))!);
            Assert.True(File.Exists(path), $"{page}: {target} is not there.");
            Assert.True(
                anchor is null || Runbooks.Anchors(File.ReadAllText(path)).Contains(anchor), $"{page}: {target} has no such heading.");
        }
    });

    [Fact]
    public void EveryPageSaysWhatItMeansItsImpactWhatToLookAtAndWhatToDo() => Assert.All(Runbooks.Pages, page =>
    {
        var sections = Runbooks.Entries(page).ToList();
        Assert.All((string[])["meaning", "impact", "what-to-look-at", "what-to-do"], section =>
            Assert.Contains($"{page}#{section}", sections));
        Assert.Equal(sections.Count, sections.Distinct().Count());
    });

    [Fact]
    public void TheIndexLeadsToEveryPage() =>
        Assert.All(Runbooks.Pages, page => Assert.Contains($"]({page}.md)", Runbooks.Text("README"), StringComparison.Ordinal));

    static string Camel(string name) => string.Concat(name.Split('-').Select(part => char.ToUpperInvariant(part[0]) + part[1..]));

    static string Kebab(string name) => string.Concat(
        name.Select(
            (c, i) =>
                char.IsAsciiLetterUpper(c) && i > 0 && (!char.IsAsciiLetterUpper(name[i - 1]) || char.IsAsciiLetterLower(name[i + 1]))
                    ? $"-{c}"
                    : $"{c}")).ToLowerInvariant();
}
