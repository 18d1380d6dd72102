using System.Text.Json.Nodes;
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
                        new() { Level = SelectorLevel.None, NonResourceURLs = ["/healthz*"] },
                    ],
                },
            ],
        });

        var read = Contracts.ParseSelectors("selectors.json", written);

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(written), JsonNode.Parse(Contracts.Write(read))));
        Assert.Equal(["\n", "ä"], read.RuleSets[0].Rules[0].Fields[0].Values);
        Assert.Equal("deployments/scale", read.RuleSets[0].Rules[0].Resources[0].Resources[0]);
        Assert.Equal(["/healthz*"], read.RuleSets[0].Rules[1].NonResourceURLs);
    }
}
