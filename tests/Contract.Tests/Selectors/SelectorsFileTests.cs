using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClusterTrail.Contract.Selectors;

namespace ClusterTrail.Contract.Tests.Selectors;

public sealed class SelectorsFileTests
{
    [Fact]
    public void DefaultsAreAsTheirDocumentationSays()
    {
        var selectors = ContractFiles.LoadSelectors("""{ "ruleSets": [{ "name": "a", "rules": [{ "level": "None", "resources": [{}], "fields": [{ "path": "a", "operator": "Exists" }] }] }] }""");

        var set = selectors.RuleSets[0];
        var rule = set.Rules[0];
        Assert.Null(set.Namespace);
        Assert.Empty(set.OmitStages);
        Assert.Empty(rule.Users.Concat(rule.UserGroups).Concat(rule.Verbs).Concat(rule.Namespaces).Concat(rule.NonResourceURLs));
        Assert.Empty(rule.OmitStages);
        Assert.Equal("", rule.Resources[0].Group);
        Assert.Empty(rule.Resources[0].Resources.Concat(rule.Resources[0].ResourceNames));
        Assert.Empty(rule.Fields[0].Values);
    }

    [Fact]
    public void WhatIsWrittenIsReadBackWhole()
    {
        var written = Contracts.Write(new SelectorsFile
        {
            RuleSets =
            [
                new()
                {
                    Name = "team/extra",
                    Namespace = "team",
                    OmitStages = [AuditStage.RequestReceived],
                    Rules =
                    [
                        new()
                        {
                            Level = SelectorLevel.Request,
                            Users = ["ann"],
                            UserGroups = ["system:masters"],
                            Verbs = ["get"],
                            Resources = [new() { Group = "apps", Resources = ["deployments/scale"], ResourceNames = ["web"] }],
                            Namespaces = ["", "team"],
                            OmitStages = [AuditStage.Panic],
                            Fields = [new() { Path = "user.extra[\"<a>\"]", Operator = FieldOperator.NotEndsWith, Values = ["\n", "ä"] }],
                        },
                        new() { Level = SelectorLevel.Metadata, Aggregate = true },
                        new() { Level = SelectorLevel.None, NonResourceURLs = ["/healthz*"] },
                    ],
                },
            ],
        });

        var read = Contracts.ParseSelectors("selectors.json", written);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(written), JsonNode.Parse(Contracts.Write(read))));
        Assert.Equal(["\n", "ä"], read.RuleSets[0].Rules[0].Fields[0].Values);
        Assert.Equal("deployments/scale", read.RuleSets[0].Rules[0].Resources[0].Resources[0]);
        Assert.Equal(["/healthz*"], read.RuleSets[0].Rules[2].NonResourceURLs);
        Assert.True(read.RuleSets[0].Rules[1].Aggregate);
        // Agents that do not know it refuse it: only rules that need it have it.
        Assert.Equal(1, Regex.Count(Encoding.UTF8.GetString(written), "aggregate"));
    }

    [Fact]
    public void WhatIsWrittenCompactlyIsTheSameAndShort()
    {
        var selectors = ContractFiles.LoadSelectors("""
            { "ruleSets": [
              { "name": "a", "rules": [] },
              { "name": "b", "namespace": "b", "omitStages": ["Panic"], "rules": [{ "level": "Request", "users": ["it's <b>"], "resources": [{ "resources": ["pods"] }] }] }
            ] }
            """);

        var written = Contracts.WriteCompact(selectors);

        Assert.Equal(
            """{"ruleSets":[{"name":"a","rules":[]},{"name":"b","namespace":"b","omitStages":["Panic"],"rules":[{"level":"Request","users":["it's <b>"],"resources":[{"group":"","resources":["pods"]}]}]}]}""",
            System.Text.Encoding.UTF8.GetString(written));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Contracts.Write(selectors)), JsonNode.Parse(Contracts.Write(Contracts.ParseSelectors("selectors.json", written)))));
        Assert.Equal("""{"name":"a","rules":[]}""", System.Text.Encoding.UTF8.GetString(Contracts.WriteCompact(selectors.RuleSets[0])));
    }

    [Fact]
    public void ProblemsOfWhatIsToBeWrittenAreThoseOfReadingIt()
    {
        var json = Some.Selectors("""{ "level": "None", "fields": [{ "path": "a..b", "operator": "InCIDR", "values": ["10.0.0.1/8"] }] }""");
        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadSelectors(json));

        var problems = Contracts.ProblemsOf(new SelectorsFile
        {
            RuleSets = [new() { Name = "main", Rules = [new() { Level = SelectorLevel.None, Fields = [new() { Path = "a..b", Operator = FieldOperator.InCIDR, Values = ["10.0.0.1/8"] }] }] }],
        });

        Assert.Equal(["ruleSets[0].rules[0].fields[0].path", "ruleSets[0].rules[0].fields[0].values[0]"], problems.Select(problem => problem.Field));
        Assert.Equal(refusal, problems.Select(problem => $"selectors.json: {problem}"));
    }
}
