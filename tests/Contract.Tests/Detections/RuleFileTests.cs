using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Contract.Tests.Detections;

public sealed class RuleFileTests
{
    const string Rule = """
        lists:
          break-glass: [root@example.com]
        rules:
        - name: my-rule
          severity: critical
          group: access
          description: Somebody did it.   # as people write it
          tags: [CIS-AWS:4.4]
          stages: [ResponseStarted, ResponseComplete]
          match:
            users: [$break-glass]
            fields:
            - path: responseStatus.code
              operator: Equals
              values: ["403"]
        """;

    [Fact]
    public void RulesAreReadFromYaml()
    {
        var rule = Assert.Single(Contracts.ParseRules("rules.yaml", Rule).Rules);

        Assert.Equal(("my-rule", DetectionSeverity.Critical, "Somebody did it.", true), (rule.Name, rule.Severity, rule.Description, rule.Enabled));
        Assert.Equal(2, rule.Stages.Count);
        Assert.Equal(["403"], rule.Match.Fields[0].Values);
        Assert.Null(rule.Threshold);
    }

    [Theory]
    [InlineData("rules: [", "rules.yaml: not YAML: line ")]
    [InlineData("rules: []\nrules: []", "rules.yaml: not YAML: line 2, column 1: ")]
    [InlineData("- a", "rules.yaml: the file is a list; allowed: an object.")]
    [InlineData("? [a]\n: b", "rules.yaml: not YAML: line 1, column 3: a field's name must be a text")]
    [InlineData("rules: *nothing", "rules.yaml: not YAML: line ")]
    [InlineData("", "rules.yaml: is not one YAML document; allowed: one.")]
    [InlineData("rules: []\n---\nrules: []", "rules.yaml: is not one YAML document; allowed: one.")]
    [InlineData("just words", "rules.yaml: the file is \"just words\"; allowed: an object.")]
    [InlineData("rules: {}", "rules.yaml: rules is an object; allowed: a list.")]
    [InlineData("rules: [{}]", "rules.yaml: rules[0].name is missing; allowed: a string.")]
    public void WhatIsNotRulesInYamlIsRefused(string yaml, string sentence)
    {
        var refusal = Assert.Throws<ConfigurationException>(() => Contracts.ParseRules("rules.yaml", yaml));

        Assert.StartsWith(sentence, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("values: [\"403\"]", "values: [403]", "rules.yaml: rules[0].match.fields[0].values[0] is 403; allowed: a string.")]
    [InlineData("description: Somebody did it.", "description: no", "rules.yaml: rules[0].description is false; allowed: a string.")]
    [InlineData("[CIS-AWS:4.4]", "[1e999x, -1e999]", null)]
    public void YamlsWordsAndNumbersAreNoTexts(string before, string after, string? sentence)
    {
        var refusal = Record.Exception(() => Contracts.ParseRules("rules.yaml", Rule.Replace(before, after, StringComparison.Ordinal)));

        Assert.IsType<ConfigurationException>(refusal);
        Assert.True(sentence is null || refusal.Message == sentence, refusal.Message);
    }
}
