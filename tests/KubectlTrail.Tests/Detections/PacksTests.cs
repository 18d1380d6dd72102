using System.Text;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Kubectl.Detections;

namespace ClusterTrail.Kubectl.Tests.Detections;

/// <summary><c>kubectl trail detections</c>, end to end.</summary>
public sealed class PacksTests : IDisposable
{
    const string Rules = """
        lists: { people: [ann] }
        rules:
        - name: own-rule
          severity: high
          group: own
          description: Somebody deleted something.
          match: { verbs: [delete], users: [$people] }
        """;

    const string Tests = """
        rule: own-rule
        events:
          delete: { level: Metadata, stage: ResponseComplete, verb: delete, user: { username: ann } }
        fires:
        - { name: ann, events: [delete] }
        silent:
        - { name: bob, events: [delete], with: { user: { username: bob } } }
        """;

    readonly ArchiveFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task TheTestsOfAllPacksPass()
    {
        var outcome = await CommandLine.RunAsync("detections", "test");

        Assert.Equal($"{Packs.Rules.Count()} rules", outcome.Lines[^1].Split(',')[0]);
        Assert.EndsWith(" 0 failed\n", outcome.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
    }

    [Fact]
    public void EveryRuleHasTwoCasesThatFireAndTwoThatDoNot() => Assert.All(
        TestedRule.OfPacks(),
        rule => Assert.True(rule.Tests.Sum(tests => tests.Fires.Count) >= 2 && rule.Tests.Sum(tests => tests.Silent.Count) >= 2, rule.Rule.Name));

    [Fact]
    public async Task OnesOwnRulesAreTestedByTheFilesBesideThem()
    {
        var rules = folder.AddFile("own.yaml", Encoding.UTF8.GetBytes(Rules));
        folder.AddFile("own.tests.yaml", Encoding.UTF8.GetBytes(Tests));

        var passed = await CommandLine.RunAsync("detections", "test", rules);
        folder.AddFile("own.tests.yaml", Encoding.UTF8.GetBytes(Tests.Replace("username: bob", "username: ann", StringComparison.Ordinal)));
        var failed = await CommandLine.RunAsync("detections", "test", rules);

        Assert.Equal((0, "1 rules, 2 cases, 0 failed\n"), (passed.ExitCode, passed.Output));
        Assert.Equal((1, "own-rule: silent: bob: fires, 1 times.\n1 rules, 2 cases, 1 failed\n"), (failed.ExitCode, failed.Output));
    }

    [Fact]
    public async Task AWrongFileIsToldWithASentenceALine()
    {
        var rules = folder.AddFile("own.yaml", Encoding.UTF8.GetBytes(Rules.Replace("$people", "$nobody", StringComparison.Ordinal).Replace("name: own-rule", "name: Own", StringComparison.Ordinal)));

        var outcome = await CommandLine.RunAsync("detections", "test", rules);

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        var lines = outcome.Error.TrimEnd('\n').Split('\n');
        Assert.True(lines.Length >= 2, outcome.Error);
        Assert.All(lines, line => Assert.StartsWith("kubectl trail: ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RulesAreListed()
    {
        var all = await CommandLine.RunAsync("detections", "list");
        var some = await CommandLine.RunAsync("detections", "list", "--pack", "baseline", "--severity", "critical", "-o", "wide");

        Assert.Equal(Packs.Rules.Count() + 1, all.Lines.Length);
        Assert.Matches("^NAME +SEVERITY +PACK +GROUP +NEEDS +ON IN PACK +DESCRIPTION$", all.Lines[0]);
        Assert.Contains(all.Lines, line => line.StartsWith("pod-exec ", StringComparison.Ordinal) && line.Contains("Metadata, ResponseStarted or ResponseComplete", StringComparison.Ordinal));
        Assert.Equal(Packs.All.Single(pack => pack.Name == "baseline").Content.Rules.Count(rule => rule.Severity == DetectionSeverity.Critical) + 1, some.Lines.Length);
        Assert.Matches("RUNBOOK$", some.Lines[0]);
        Assert.All(some.Lines[1..], line => Assert.Contains("https://", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task TheGravestAreListedFirstAndThePacksThatAreTheDefaultAreTold()
    {
        var outcome = await CommandLine.RunAsync("detections", "list");

        var rules = Packs.Rules.OrderByDescending(rule => rule.Severity).ThenBy(rule => rule.Name, StringComparer.Ordinal).Select(rule => rule.Name);
        Assert.Equal(rules, outcome.Lines[1..].Select(line => line.Split(' ')[0]));
        Assert.Contains("The default is baseline.", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProgramsTakeTheListAsJsonOrYaml()
    {
        var json = await CommandLine.RunAsync("detections", "list", "--pack", "baseline", "-o", "json");
        var yaml = await CommandLine.RunAsync("detections", "list", "--pack", "baseline", "-o", "yaml");

        var rules = System.Text.Json.Nodes.JsonNode.Parse(json.Output)!.AsArray();
        var exec = rules.Single(rule => $"{rule!["name"]}" == "pod-exec")!;
        Assert.Equal(("high", "baseline", "Metadata"), ($"{exec["severity"]}", $"{exec["pack"]}", $"{exec["needs"]!["level"]}"));
        Assert.Equal(("", ""), (json.Error, yaml.Error));
        Assert.Equal(rules.ToJsonString(), ClusterTrail.Contract.Yaml.YamlText.Read(yaml.Output)[0].ToJsonString());
    }

    [Fact]
    public async Task ARuleOnProcessesNeedsASourceAndNothingOfTheAuditPolicy()
    {
        var table = await CommandLine.RunAsync("detections", "list", "--pack", "processes");
        var json = await CommandLine.RunAsync("detections", "list", "--pack", "processes", "-o", "json");

        Assert.All(table.Lines[1..], line => Assert.Contains(" Processes ", line, StringComparison.Ordinal));
        Assert.All(System.Text.Json.Nodes.JsonNode.Parse(json.Output)!.AsArray(), rule =>
            Assert.Equal(("Process", null), ((string?)rule!["source"], rule["needs"])));
    }

    [Theory]
    [InlineData("list", "--pack", "other", "There is no pack other; allowed: activity, baseline, falco-parity, processes")]
    [InlineData("test", "--rule", "other", "No rule is selected")]
    public async Task WhatThereIsNotIsRefused(string command, string option, string value, string expected)
    {
        var outcome = await CommandLine.RunAsync("detections", command, option, value);

        Assert.Equal((2, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains(expected, outcome.Error, StringComparison.Ordinal);
    }
}
