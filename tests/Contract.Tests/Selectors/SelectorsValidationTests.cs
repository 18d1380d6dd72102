namespace ClusterTrail.Contract.Tests.Selectors;

public sealed class SelectorsValidationTests
{
    const string Rule = "ruleSets[0].rules[0]";
    const string Group = "an API group without its version, such as rbac.authorization.k8s.io";
    const string Url = "*, or a path that starts with / and has a * at most at its end";
    const string Cidr = "a network such as 10.0.0.0/8 or fd00::/8, without host bits";

    [Theory]
    [InlineData("ruleSets[0].name", "\"\"", "empty", "a name")]
    [InlineData("ruleSets[0].namespace", "\"\"", "empty", "a namespace, or omit the field")]
    [InlineData("ruleSets[0].omitStages", "[\"Started\"]", "\"Started\"", "RequestReceived, ResponseStarted, ResponseComplete, Panic", "ruleSets[0].omitStages[0]")]
    [InlineData($"{Rule}.level", "\"All\"", "\"All\"", "None, Metadata, Request, RequestResponse")]
    [InlineData($"{Rule}.users", "\"ann\"", "\"ann\"", "a list")]
    [InlineData($"{Rule}.users", "null", "null", "a list")]
    [InlineData($"{Rule}.users", "[null]", "null", "a string", $"{Rule}.users[0]")]
    [InlineData($"{Rule}.resources", "[\"pods\"]", "\"pods\"", "an object", $"{Rule}.resources[0]")]
    [InlineData($"{Rule}.resources", "[{\"group\":\"apps/v1\"}]", "\"apps/v1\"", Group, $"{Rule}.resources[0].group")]
    [InlineData($"{Rule}.resources", "[{\"group\":\"Apps\"}]", "\"Apps\"", Group, $"{Rule}.resources[0].group")]
    [InlineData($"{Rule}.resources", "[{},{\"group\":\"/v1\"}]", "\"/v1\"", Group, $"{Rule}.resources[1].group")]
    [InlineData($"{Rule}.resources", "[{\"resourceNames\":[\"a\"]}]", "\"a\"", "none without resources: name the resources too", $"{Rule}.resources[0].resourceNames")]
    [InlineData($"{Rule}.nonResourceURLs", "[\"healthz\"]", "\"healthz\"", Url, $"{Rule}.nonResourceURLs[0]")]
    [InlineData($"{Rule}.nonResourceURLs", "[\"\"]", "empty", Url, $"{Rule}.nonResourceURLs[0]")]
    [InlineData($"{Rule}.nonResourceURLs", "[\"/a\",\"/a*/b\"]", "\"/a*/b\"", Url, $"{Rule}.nonResourceURLs[1]")]
    [InlineData($"{Rule}.nonResourceURLs", "[\"/a**\"]", "\"/a**\"", Url, $"{Rule}.nonResourceURLs[0]")]
    [InlineData($"{Rule}.nonResourceURLs", "[\"*a\"]", "\"*a\"", Url, $"{Rule}.nonResourceURLs[0]")]
    public void AWrongRuleIsNamed(string field, string json, string value, string allowed, string? named = null)
    {
        var file = Some.Selectors().With(field, json);

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadSelectors(file));

        Assert.Equal($"selectors.json: {named ?? field} is {value}; allowed: {allowed}.", Assert.Single(refusal));
    }

    [Theory]
    [InlineData("\"resources\":[{\"group\":\"\"}]")]
    [InlineData("\"namespaces\":[\"\"]")]
    public void ARuleIsAboutUrlsOrAboutResources(string other)
    {
        var file = Some.Selectors($$"""{ "level": "Metadata", "nonResourceURLs": ["/healthz"], {{other}} }""");

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadSelectors(file));

        Assert.Equal(
            $"selectors.json: {Rule}.nonResourceURLs is \"/healthz\"; allowed: none together with resources or namespaces: use two rules.",
            Assert.Single(refusal));
    }

    [Theory]
    [InlineData("None")]
    [InlineData("Request")]
    [InlineData("RequestResponse")]
    public void ARuleThatAggregatesHasLevelMetadata(string level)
    {
        var file = Some.Selectors($$"""{ "level": "{{level}}", "aggregate": true }""");

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadSelectors(file));

        Assert.Equal(
            $"selectors.json: {Rule}.level is \"{level}\"; allowed: Metadata together with aggregate, since a roll-up has no bodies.",
            Assert.Single(refusal));
        Assert.True(ContractFiles.LoadSelectors(Some.Selectors("""{ "level": "Metadata", "aggregate": true }""")).RuleSets[0].Rules[0].Aggregate);
    }

    [Theory]
    [InlineData("Equals", "[]", "values", "an empty list", "one or more")]
    [InlineData("NotEquals", "[]", "values", "an empty list", "one or more")]
    [InlineData("StartsWith", "[]", "values", "an empty list", "one or more")]
    [InlineData("LongerThan", "[\"-1\"]", "values[0]", "\"-1\"", "a number of bytes from 0 to 1073741824")]
    [InlineData("LongerThan", "[\"1 MiB\"]", "values[0]", "\"1 MiB\"", "a number of bytes from 0 to 1073741824")]
    [InlineData("LongerThan", "[\"1073741825\"]", "values[0]", "\"1073741825\"", "a number of bytes from 0 to 1073741824")]
    [InlineData("LongerThan", "[]", "values", "an empty list", "one or more")]
    [InlineData("InCIDR", "[]", "values", "an empty list", "one or more")]
    [InlineData("Matches", "[]", "values", "an empty list", "one or more")]
    [InlineData("Exists", "[\"true\",\"false\"]", "values", "2 values", "none, \"true\" or \"false\"")]
    [InlineData("Exists", "[\"yes\"]", "values[0]", "\"yes\"", "\"true\" or \"false\"")]
    [InlineData("Exists", "[\"True\"]", "values[0]", "\"True\"", "\"true\" or \"false\"")]
    [InlineData("Exists", "[\"\"]", "values[0]", "empty", "\"true\" or \"false\"")]
    [InlineData("Exists", "[true]", "values[0]", "true", "a string")]
    [InlineData("Equals", "[403]", "values[0]", "403", "a string")]
    [InlineData("Equals", "[\"a\",null]", "values[1]", "null", "a string")]
    [InlineData("InCIDR", "[\"10.0.0.1/8\"]", "values[0]", "\"10.0.0.1/8\"", Cidr)]
    [InlineData("InCIDR", "[\"10.0.0.0/33\"]", "values[0]", "\"10.0.0.0/33\"", Cidr)]
    [InlineData("InCIDR", "[\"10.0.0.1\"]", "values[0]", "\"10.0.0.1\"", Cidr)]
    [InlineData("InCIDR", "[\"\"]", "values[0]", "empty", Cidr)]
    [InlineData("InCIDR", "[\"fd00::/8\",\"fd00::1/8\"]", "values[1]", "\"fd00::1/8\"", Cidr)]
    [InlineData("Within", "[\"a\"]", "operator", "\"Within\"", "Equals, NotEquals, StartsWith, NotStartsWith, EndsWith, NotEndsWith, Exists, InCIDR, Matches, EqualsField, NotEqualsField, LongerThan, IsNull")]
    public void AConditionThatCannotBeTestedIsNamed(string fieldOperator, string values, string field, string value, string allowed)
    {
        var file = Some.Selectors(Condition("verb", fieldOperator, values));

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadSelectors(file));

        Assert.Equal($"selectors.json: {Rule}.fields[0].{field} is {value}; allowed: {allowed}.", Assert.Single(refusal));
    }

    [Theory]
    [InlineData("(?=a)b")]
    [InlineData("(?!a)b")]
    [InlineData("(?<=a)b")]
    [InlineData("(?<!a)b")]
    [InlineData("(a)\\\\1")]
    [InlineData("(?>a+)b")]
    [InlineData("(")]
    [InlineData("[z-a]")]
    [InlineData("*")]
    public void APatternThatNeedsBacktrackingOrIsNoneIsRefused(string pattern)
    {
        var file = Some.Selectors(Condition("verb", "Matches", $"[\"{pattern}\"]"));

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadSelectors(file));

        Assert.StartsWith($"selectors.json: {Rule}.fields[0].values[0] is \"", Assert.Single(refusal), StringComparison.Ordinal);
        Assert.Contains("; allowed: a regular expression that needs no backtracking", refusal[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public void APatternHasALimitedLength(int length, bool taken)
    {
        var file = Some.Selectors(Condition("verb", "Matches", $"[\"{new string('a', length)}\"]"));

        var refusal = Record.Exception(() => ContractFiles.LoadSelectors(file));

        Assert.Equal(taken, refusal is null);
        Assert.True(taken || refusal!.Message.EndsWith("allowed: a regular expression of at most 1024 characters.", StringComparison.Ordinal));
    }

    [Fact]
    public void APatternThatWouldGrowBeyondMeasureIsRefused()
    {
        var file = Some.Selectors(Condition("verb", "Matches", "[\"((((a{1000}){1000}){1000}){1000})\"]"));

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadSelectors(file));

        Assert.Contains("fields[0].values[0]", Assert.Single(refusal), StringComparison.Ordinal);
    }

    [Fact]
    public void AWrongPathIsToldWithWhatIsWrongAboutIt()
    {
        var file = Some.Selectors(Condition("user..groups", "Equals", "[\"a\"]"));

        var refusal = ContractFiles.Refusal(() => ContractFiles.LoadSelectors(file));

        Assert.Equal(
            $"selectors.json: {Rule}.fields[0].path is \"user..groups\"; allowed: a path such as user.groups[*] or annotations[\"a.b/c\"]; a name is expected at character 6.",
            Assert.Single(refusal));
    }

    [Theory]
    [InlineData("Exists", "[]")]
    [InlineData("Exists", "[\"true\"]")]
    [InlineData("Exists", "[\"false\"]")]
    [InlineData("Equals", "[\"\"]")]
    [InlineData("InCIDR", "[\"0.0.0.0/0\",\"::/0\",\"10.1.2.3/32\",\"::1/128\"]")]
    [InlineData("Matches", "[\"^(a|b)+$\",\"\\\\bexec\\\\b\",\"\"]")]
    public void ConditionsThatCanBeTestedAreTaken(string fieldOperator, string values)
    {
        var file = Some.Selectors(Condition("verb", fieldOperator, values));

        var selectors = ContractFiles.LoadSelectors(file);

        Assert.Single(selectors.RuleSets[0].Rules[0].Fields);
    }

    [Theory]
    [InlineData("\"resources\":[{\"group\":\"*\"}]")]
    [InlineData("\"resources\":[{\"resources\":[\"pods/*\",\"*/log\",\"*\"],\"resourceNames\":[\"a\"]}]")]
    [InlineData("\"resources\":[{\"group\":\"rbac.authorization.k8s.io\"}],\"namespaces\":[\"\"]")]
    [InlineData("\"nonResourceURLs\":[\"*\",\"/\",\"/healthz*\",\"/healthz\"]")]
    [InlineData("\"omitStages\":[\"RequestReceived\",\"Panic\"]")]
    public void RulesOfAuditPoliciesAreTaken(string parts)
    {
        var file = Some.Selectors($$"""{ "level": "Metadata", {{parts}} }""");

        var selectors = ContractFiles.LoadSelectors(file);

        Assert.Single(selectors.RuleSets[0].Rules);
    }

    static string Condition(string path, string fieldOperator, string values) =>
        $$"""{ "level": "Metadata", "fields": [{ "path": "{{path}}", "operator": "{{fieldOperator}}", "values": {{values}} }] }""";
}
