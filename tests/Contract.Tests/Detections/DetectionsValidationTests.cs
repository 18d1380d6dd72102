using System.Text.Json.Nodes;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Contract.Reading;

namespace ClusterTrail.Contract.Tests.Detections;

public sealed class DetectionsValidationTests
{
    const string Rule = "rules[0]";
    const string Label = "1 to 63 of a-z, 0-9 and '-', with a letter or digit at both ends";
    const string Sentence = "a sentence of at most 512 characters";
    const string Stages = "one or more stages, each once";
    const string Url = "a URL that starts with https:// or http://";
    const string Tag = "such as MITRE:T1609: letters, digits, ':', '.', '_' and '-', at most 64";

    [Theory]
    [InlineData($"{Rule}.name", "\"\"", "empty", Label)]
    [InlineData($"{Rule}.name", "\"Pod_Exec\"", "\"Pod_Exec\"", Label)]
    [InlineData($"{Rule}.name", "\"-a\"", "\"-a\"", Label)]
    [InlineData($"{Rule}.name", "\"a\\n\"", "\"a\\u000a\"", Label)]
    [InlineData($"{Rule}.name", "\"é\"", "\"é\"", Label)]
    [InlineData($"{Rule}.group", "\"a b\"", "\"a b\"", Label)]
    [InlineData($"{Rule}.severity", "\"High\"", "\"High\"", "info, low, medium, high, critical")]
    [InlineData($"{Rule}.severity", "3", "3", "info, low, medium, high, critical")]
    [InlineData($"{Rule}.description", "\"\"", "empty", Sentence)]
    [InlineData($"{Rule}.runbook", "\"runbook.md\"", "\"runbook.md\"", Url)]
    [InlineData($"{Rule}.runbook", "\"javascript:alert(1)\"", "\"javascript:alert(1)\"", Url)]
    [InlineData($"{Rule}.tags", "[\"MITRE:T1609\",\"a b\"]", "\"a b\"", Tag)]
    [InlineData($"{Rule}.tags", "[\"\"]", "empty", Tag)]
    [InlineData($"{Rule}.stages", "[]", "empty", Stages)]
    [InlineData($"{Rule}.stages", "[\"Panic\",\"Panic\"]", "\"Panic, Panic\"", Stages)]
    [InlineData($"{Rule}.stages", "[\"Started\"]", "\"Started\"", "RequestReceived, ResponseStarted, ResponseComplete, Panic", $"{Rule}.stages[0]")]
    [InlineData($"{Rule}.enabled", "\"no\"", "\"no\"", "true or false")]
    [InlineData("packs", "[\"all\"]", "\"all\"", null, "packs[0]")]
    [InlineData("enable", "[\"nobody\"]", "\"nobody\"", "the name of a rule; kubectl trail detections list shows them", "enable[0]")]
    [InlineData("disable", "[\"some-rule\",\"nobody\"]", "\"nobody\"", "the name of a rule; kubectl trail detections list shows them", "disable[1]")]
    [InlineData("lists", "{\"A\":[]}", "\"A\"", Label)]
    [InlineData("lists", "{\"a\":[\"\"]}", "empty", "items of 1 to 512 characters", "lists.a")]
    [InlineData("lists", "{\"a\":\"x\"}", "\"x\"", "a list", "lists.a")]
    public void WhatIsWrongIsNamed(string field, string json, string value, string? allowed, string? named = null)
    {
        var file = SomeRules.File().With(field, json);

        var refusal = SomeRules.Refusal(file);

        Assert.Equal($"{named ?? field} is {value}; allowed: {allowed ?? string.Join(", ", Packs.All.Select(pack => pack.Name))}.", refusal);
    }

    [Theory]
    [InlineData("stages", "[\"Panic\"]", "rules[0].stages is given; allowed: omit it, because the source is Process.")]
    [InlineData("match", "{\"users\":[\"bob\"]}",
        "rules[0].match names users, userGroups or nonResourceURLs, which a process does not have; use fields.")]
    public void ARuleOfProcessesThatCouldNeverFireIsRefused(string field, string json, string refusal) => Assert.Equal(
        refusal, SomeRules.Refusal(SomeRules.File().With($"{Rule}.source", "\"Process\"").With($"{Rule}.{field}", json)));

    [Theory]
    [InlineData("foo", "foo is not a field; allowed: packs, enable, disable, lists, rules.")]
    [InlineData("rules[0].priority", "rules[0].priority is not a field; allowed: name, source, severity, group, ")]
    [InlineData("rules[0].match.user", "rules[0].match.user is not a field; allowed: users, userGroups, verbs, resources, namespaces, nonResourceURLs, fields, any, all, none.")]
    [InlineData("rules[0].exceptions.verbs", "rules[0].exceptions.verbs is not a field; allowed: users, userGroups, namespaces, images.")]
    [InlineData("rules[0].match.level", "rules[0].match.level is not a field; ")]
    public void AnUnknownFieldIsNamedWithThoseThatThereAre(string field, string sentence) =>
        Assert.StartsWith(sentence, SomeRules.Refusal(SomeRules.File().With(field, "\"x\"")), StringComparison.Ordinal);

    [Theory]
    [InlineData("name", "a string")]
    [InlineData("severity", "info, low, medium, high, critical")]
    [InlineData("group", "a string")]
    [InlineData("description", "a string")]
    [InlineData("match", "an object")]
    public void WhatIsRequiredIsMissed(string field, string allowed) =>
        Assert.Equal($"rules[0].{field} is missing; allowed: {allowed}.", SomeRules.Refusal(SomeRules.File().Without($"rules[0].{field}")));

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void ANameIsALabel(int length, bool taken)
    {
        var file = SomeRules.File().With("rules[0].name", $"\"{new string('a', length)}\"");

        Assert.Equal(taken, Record.Exception(() => SomeRules.Load(file)) is null);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void SoManyRulesAreEnough(int rules, bool taken)
    {
        var file = SomeRules.File();
        var first = file["rules"]![0]!.ToJsonString();
        file["rules"] = new JsonArray([.. Enumerable.Range(0, rules).Select(at => JsonNode.Parse(first.Replace("some-rule", $"rule-{at}", StringComparison.Ordinal)))]);

        var refusal = Record.Exception(() => SomeRules.Load(file));

        Assert.Equal(taken, refusal is null);
        Assert.True(taken || refusal!.Message == "detections.json: rules is 201 values; allowed: at most 200: each is time series of every agent.");
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public void SoManyItemsOfAListAreEnough(int items, bool taken)
    {
        var file = SomeRules.File().With("lists.many", new JsonArray([.. Enumerable.Range(0, items).Select(at => JsonValue.Create($"user-{at}"))]).ToJsonString());

        Assert.Equal(taken, Record.Exception(() => SomeRules.Load(file)) is null);
    }

    [Fact]
    public void ARulesNameIsItsOwn()
    {
        var file = SomeRules.File();
        file["rules"]!.AsArray().Add(file["rules"]![0]!.DeepClone());

        Assert.Equal("rules[1].name is \"some-rule\"; allowed: a name that no other rule has, including those of the packs.", SomeRules.Refusal(file));
    }

    [Fact]
    public void NoPacksRuleIsReplacedByItsName()
    {
        var taken = Packs.Rules.First().Name;

        var refusal = SomeRules.Refusal(SomeRules.File().With("rules[0].name", $"\"{taken}\""));

        Assert.Equal($"rules[0].name is \"{taken}\"; allowed: a name that no other rule has, including those of the packs.", refusal);
    }

    [Fact]
    public void AllThatIsWrongIsToldAtOnce()
    {
        var file = SomeRules.File().With("rules[0].name", "\"A\"").With("rules[0].group", "\"B\"").With("packs", "[\"c\"]");

        Assert.Equal(3, ContractFiles.Refusal(() => SomeRules.Load(file)).Length);
    }

    [Fact]
    public void EmptyIsRight()
    {
        var file = SomeRules.Load("{}");

        Assert.Empty(file.Effective());
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("null")]
    public void WhatIsNoObjectIsRefused(string text) => Assert.Throws<ConfigurationException>(() => SomeRules.Load(text));
}
