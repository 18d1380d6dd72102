using ClusterTrail.Contract.Detections;

namespace ClusterTrail.Contract.Tests.Detections;

public sealed class RuleValidationTests
{
    const string Match = "rules[0].match";
    const string Field = $"{Match}.fields[0]";

    [Theory]
    [InlineData("""{ "path": "user..groups", "operator": "Exists" }""", $"{Field}.path is \"user..groups\"; allowed: a path such as user.groups[*] or annotations[\"a.b/c\"]; a name is expected at character 6.")]
    [InlineData("""{ "path": "", "operator": "Exists" }""", $"{Field}.path is empty; allowed: a path such as ")]
    [InlineData("""{ "path": "a[", "where": [{ "path": "b", "operator": "Exists" }] }""", $"{Field}.path is \"a[\"; allowed: a path such as ")]
    [InlineData("""{ "path": "a", "where": [{ "path": "[x]", "operator": "Exists" }] }""", $"{Field}.where[0].path is \"[x]\"; allowed: a path such as ")]
    [InlineData("""{ "path": "a" }""", $"{Field} has neither operator nor where; allowed: one of the two.")]
    [InlineData("""{ "path": "a", "where": [] }""", $"{Field} has neither operator nor where; allowed: one of the two.")]
    [InlineData("""{ "path": "a", "operator": "Exists", "where": [{ "path": "b", "operator": "Exists" }] }""", $"{Field} has operator and where; allowed: one of the two.")]
    [InlineData("""{ "path": "a", "values": ["x"], "where": [{ "path": "b", "operator": "Exists" }] }""", $"{Field}.values is 1 values; allowed: none beside where.")]
    [InlineData("""{ "path": "a", "operator": "Equals" }""", $"{Field}.values is an empty list; allowed: one or more.")]
    [InlineData("""{ "path": "a", "operator": "InCIDR", "values": ["10.0.0.1/8"] }""", $"{Field}.values[0] is \"10.0.0.1/8\"; allowed: a network")]
    [InlineData("""{ "path": "a", "operator": "InCIDR", "values": ["$known", "10.0.0.1/8"] }""", $"{Field}.values[0] is \"10.0.0.1/8\"; allowed: a network")]
    [InlineData("""{ "path": "a", "operator": "InCIDR", "values": ["$unknown"] }""", $"{Field}.values[0] is \"$unknown\"; allowed: an existing list (")]
    [InlineData("""{ "path": "a[", "operator": "InCIDR", "values": ["$known"] }""", $"{Field}.path is \"a[\"; allowed: a path")]
    [InlineData("""{ "path": "a", "operator": "EqualsField", "values": ["$known"] }""", $"{Field}.values[0] is \"$known\"; allowed: the path of a field")]
    [InlineData("""{ "path": "a", "operator": "EqualsField" }""", $"{Field}.values ")]
    [InlineData("""{ "path": "a", "operator": "NotEqualsField", "values": ["b", "a["] }""", $"{Field}.values[1] is \"a[\"; allowed: the path of a field")]
    [InlineData("""{ "path": "a", "operator": "IsNull", "values": ["true"] }""", $"{Field}.values ")]
    [InlineData("""{ "path": "a", "operator": "Exists", "values": ["$known"] }""", $"{Field}.values[0] is \"$known\"; allowed: \"true\" or \"false\".")]
    [InlineData("""{ "path": "a", "operator": "Matches", "values": ["$known"] }""", $"{Field}.values[0] is \"$known\"; allowed: a regular expression and no list; $$ at the start stands for $.")]
    [InlineData("""{ "path": "a", "operator": "Matches", "values": ["(a)\\1"] }""", $"{Field}.values[0] is \"(a)\\1\"; allowed: a regular expression that needs no backtracking")]
    [InlineData("""{ "path": "a", "operator": "Matches", "values": ["(?=a)b"] }""", $"{Field}.values[0] is \"(?=a)b\"; allowed: a regular expression that needs no backtracking")]
    [InlineData("""{ "path": "a", "operator": "Matches", "values": ["(?<!a)b"] }""", $"{Field}.values[0] is \"(?<!a)b\"; allowed: a regular expression that needs no backtracking")]
    [InlineData("""{ "path": "a", "operator": "Matches", "values": ["(a{1000}){1000}"] }""", $"{Field}.values[0] is \"(a{{1000}}){{1000}}\"; allowed: a regular expression that needs no backtracking")]
    [InlineData("""{ "path": "a", "where": [{ "path": "b", "operator": "Matches", "values": ["("] }] }""", $"{Field}.where[0].values[0] is \"(\"; allowed: a regular expression")]
    [InlineData("""{ "path": "a", "operator": "Equals", "values": ["x", "$unknown"] }""", $"{Field}.values[1] is \"$unknown\"; allowed: an existing list (")]
    [InlineData("""{ "path": "a", "where": [{ "path": "b", "operator": "Equals", "values": ["$unknown"] }] }""", $"{Field}.where[0].values[0] is \"$unknown\"; allowed: an existing list (")]
    public void AConditionThatCannotBeTestedIsNamed(string condition, string sentence) =>
        Assert.StartsWith(sentence, SomeRules.Refusal(SomeRules.WithField(condition).With("lists", """{ "known": [] }""")), StringComparison.Ordinal);

    [Theory]
    [InlineData($"{Match}.users")]
    [InlineData($"{Match}.userGroups")]
    [InlineData($"{Match}.namespaces")]
    [InlineData("rules[0].exceptions.users")]
    [InlineData("rules[0].exceptions.userGroups")]
    [InlineData("rules[0].exceptions.namespaces")]
    [InlineData("rules[0].exceptions.images")]
    public void AListThatThereIsNotIsNamedWithThoseThatThereAre(string field)
    {
        var file = SomeRules.File().With(field, """["a", "$$b", "$mine", "$"]""").With("lists.mine", "[]");

        var refusal = SomeRules.Refusal(file);

        Assert.StartsWith($"{field}[3] is \"$\"; allowed: an existing list (", refusal, StringComparison.Ordinal);
        Assert.Contains("$mine", refusal, StringComparison.Ordinal);
        Assert.EndsWith("), or $$ for a literal $.", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void NamesOfObjectsMayComeFromLists()
    {
        var file = SomeRules.File("""{ "resources": [{ "group": "", "resources": ["pods"], "resourceNames": ["$unknown"] }] }""");

        Assert.StartsWith($"{Match}.resources[0].resourceNames[0] is \"$unknown\"; allowed: an existing list (", SomeRules.Refusal(file), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "nonResourceURLs": ["/healthz"], "namespaces": ["a"] }""", $"{Match}.nonResourceURLs is \"/healthz\"; allowed: none together with resources or namespaces")]
    [InlineData("""{ "nonResourceURLs": ["healthz"] }""", $"{Match}.nonResourceURLs[0] is \"healthz\"; allowed: *, or a path")]
    [InlineData("""{ "any": [{ "resources": [{ "group": "apps/v1" }] }] }""", $"{Match}.any[0].resources[0].group is \"apps/v1\"; allowed: an API group")]
    [InlineData("""{ "all": [{}, { "users": ["$x"] }] }""", $"{Match}.all[1].users[0] is \"$x\"; allowed: an existing list")]
    [InlineData("""{ "none": [{ "fields": [{ "path": "a" }] }] }""", $"{Match}.none[0].fields[0] has neither operator nor where")]
    public void AMatchThatCannotBeTestedIsNamed(string match, string sentence) =>
        Assert.StartsWith(sentence, SomeRules.Refusal(SomeRules.File(match)), StringComparison.Ordinal);

    [Theory]
    [InlineData("any", 7, true)]
    [InlineData("any", 8, false)]
    [InlineData("none", 8, false)]
    [InlineData("where", 6, true)]
    [InlineData("where", 9, false)]
    public void NestingHasAnEnd(string what, int levels, bool taken)
    {
        var inner = what == "where" ? """{ "path": "a", "operator": "Exists" }""" : "{}";
        for (var level = 0; level < levels; level++)
            inner = what == "where" ? $$"""{ "path": "a", "where": [{{inner}}] }""" : $$"""{ "{{what}}": [{{inner}}] }""";
        var file = what == "where" ? SomeRules.WithField(inner) : SomeRules.File(inner);

        var refusal = Record.Exception(() => SomeRules.Load(file));

        Assert.Equal(taken, refusal is null);
        Assert.True(taken || refusal!.Message.Contains("is nested deeper than 8; allowed: fewer levels of", StringComparison.Ordinal), refusal?.Message);
    }

    [Fact]
    public void SoManyPartsAreEnough()
    {
        var file = SomeRules.File($$"""{ "any": [{{string.Join(',', Enumerable.Repeat("{}", 200))}}] }""");

        Assert.Equal($"{Match} has 201 parts; allowed: at most 200.", SomeRules.Refusal(file));
    }

    [Theory]
    [InlineData("count", "1", "count is 1; allowed: a whole number from 2 to 10000.")]
    [InlineData("count", "10001", "count is 10001; allowed: a whole number from 2 to 10000.")]
    [InlineData("count", "2.5", "count is 2.5; allowed: a whole number of at most 2147483647.")]
    [InlineData("windowSeconds", "0", "windowSeconds is 0; allowed: a whole number from 1 to 3600.")]
    [InlineData("windowSeconds", "3601", "windowSeconds is 3601; allowed: a whole number from 1 to 3600.")]
    [InlineData("by", """["verb","objectRef.name","objectRef.namespace","user.username"]""", "by is 4 values; allowed: at most 3 paths, each once.")]
    [InlineData("by", """["verb","verb"]""", "by is 2 values; allowed: at most 3 paths, each once.")]
    [InlineData("by", """["auditID"]""", "by[0] is \"auditID\"; allowed: a path whose values are few: user.username, ")]
    [InlineData("by", """["requestURI"]""", "by[0] is \"requestURI\"; allowed: a path whose values are few: user.username, ")]
    [InlineData("by", """["sourceIPs[0]"]""", "by[0] is \"sourceIPs[0]\"; allowed: a path whose values are few: user.username, ")]
    public void AThresholdThatCountsTooMuchIsRefused(string field, string json, string sentence)
    {
        var file = SomeRules.File().With("rules[0].threshold", """{ "count": 2, "windowSeconds": 60 }""").With($"rules[0].threshold.{field}", json);

        Assert.StartsWith($"rules[0].threshold.{sentence}", SomeRules.Refusal(file), StringComparison.Ordinal);
    }

    [Fact]
    public void EveryPathThatMayBeCountedByIsTaken()
    {
        foreach (var path in Threshold.AllowedBy)
        {
            var file = SomeRules.File().With("rules[0].threshold", $$"""{ "count": 10000, "windowSeconds": 3600, "by": ["{{path}}"] }""");

            Assert.Equal([path], SomeRules.Load(file).Rules[0].Threshold!.By);
        }
    }

    // Under other names, as their own are taken: by themselves.
    [Fact]
    public void ThePacksPassAsRulesOfATrailWould()
    {
        Assert.NotEmpty(Packs.All);
        foreach (var pack in Packs.All)
        {
            var rules = pack.Content.Rules.Select((rule, at) => rule with { Name = $"other-{at}" }).ToList();

            Assert.Empty(Contracts.ProblemsOf(new DetectionsFile { Lists = pack.Content.Lists, Rules = rules }));
        }
    }

    [Fact]
    public void NoTwoRulesOfThePacksHaveOneName() =>
        Assert.Equal(Packs.Rules.Count(), Packs.Rules.Select(rule => rule.Name).Distinct().Count());

    [Theory]
    [InlineData("""{ "path": "sourceIPAddress", "operator": "InCIDR", "values": ["$own", "10.0.0.0/8"] }""", "own")]
    [InlineData("""{ "path": "a", "where": [{ "path": "b", "operator": "InCIDR", "values": ["$own"] }] }""", "own")]
    // A pack's rule uses it.
    [InlineData("""{ "path": "a", "operator": "Exists" }""", "identity-networks")]
    public void ListsOfNetworksHoldNetworks(string condition, string list)
    {
        var right = SomeRules.WithField(condition).With("lists", $$"""{ "{{list}}": ["192.0.2.0/24", "2001:db8::/32"] }""");
        var wrong = SomeRules.WithField(condition).With("lists", $$"""{ "{{list}}": ["192.0.2.0/24", "192.0.2.1/24"] }""");

        Assert.Single(SomeRules.Load(right).Rules);
        Assert.StartsWith($"lists.{list} is \"192.0.2.1/24\"; allowed: networks such as 10.0.0.0/8", SomeRules.Refusal(wrong), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "count": 2, "windowSeconds": 60, "distinct": "userAgent" }""", "distinct is \"userAgent\"; allowed: one of user.username")]
    [InlineData("""{ "count": 2, "windowSeconds": 60, "by": ["verb"], "distinct": "verb" }""", "distinct is \"verb\"; allowed: one of user.username")]
    [InlineData("""{ "count": 101, "windowSeconds": 60, "distinct": "objectRef.name" }""", "count is 101; allowed: a whole number from 2 to 100.")]
    public void DifferentValuesAreCountedOfAFieldWithFewAndUpToAHundred(string threshold, string sentence) =>
        Assert.StartsWith($"rules[0].threshold.{sentence}", SomeRules.Refusal(SomeRules.File().With("rules[0].threshold", threshold)), StringComparison.Ordinal);
}
