using ClusterTrail.Contract.Detections;

namespace ClusterTrail.Contract.Tests.Detections;

public sealed class NamedListsTests
{
    const string NoText = "\0";

    [Fact]
    public void ANameStandsForItsListAndTwoDollarsForOne()
    {
        var rule = Expanded("""{ "users": ["a", "$us", "$$us", "b$us"] }""", """{ "us": ["x", "$y"] }""");

        Assert.Equal(["a", "x", "$y", "$us", "b$us"], rule.Match.Users);
    }

    [Fact]
    public void EveryPlaceOfTextsTakesLists()
    {
        const string All = """["$us"]""";
        var file = SomeRules.File($$"""
            {
              "users": {{All}}, "userGroups": {{All}}, "namespaces": {{All}},
              "resources": [{ "resources": ["pods"], "resourceNames": {{All}} }],
              "fields": [{ "path": "a", "operator": "Equals", "values": {{All}} }, { "path": "a", "where": [{ "path": "b", "operator": "EndsWith", "values": {{All}} }] }],
              "any": [{ "users": {{All}} }], "all": [{ "users": {{All}} }], "none": [{ "any": [{ "users": {{All}} }] }]
            }
            """)
            .With("lists.us", """["x"]""")
            .With("rules[0].exceptions", $$"""{ "users": {{All}}, "userGroups": {{All}}, "namespaces": {{All}}, "images": {{All}} }""");

        var rule = Assert.Single(SomeRules.Load(file).Effective());

        var (match, exceptions) = (rule.Match, rule.Exceptions);
        Assert.All(
            [
                match.Users, match.UserGroups, match.Namespaces, match.Resources[0].ResourceNames, match.Fields[0].Values, match.Fields[1].Where[0].Values,
                match.Any[0].Users, match.All[0].Users, match.None[0].Any[0].Users, exceptions.Users, exceptions.UserGroups, exceptions.Namespaces, exceptions.Images,
            ],
            items => Assert.Equal(["x"], items));
        Assert.Equal(["pods"], match.Resources[0].Resources);
    }

    [Fact]
    public void APartWhoseListsAreEmptyMatchesNothingAndNotEverything()
    {
        var rule = Expanded("""{ "users": ["$none", "$none-either"], "namespaces": ["$none", "a"] }""", """{ "none": [], "none-either": [] }""");

        Assert.Equal([NoText], rule.Match.Users);
        Assert.Equal(["a"], rule.Match.Namespaces);
        Assert.Empty(rule.Match.Verbs);
        Assert.Empty(rule.Match.UserGroups);
    }

    [Fact]
    public void ExceptionsWhoseListsAreEmptyExceptNothing()
    {
        var file = SomeRules.File().With("lists.none", "[]").With("rules[0].exceptions", """{ "users": ["$none"], "images": ["$none"] }""");

        var rule = Assert.Single(SomeRules.Load(file).Effective());

        Assert.Empty(rule.Exceptions.Users);
        Assert.Empty(rule.Exceptions.Images);
    }

    [Fact]
    public void ListsOfTheSameNameBecomeOne()
    {
        var union = NamedLists.Union([
            new Dictionary<string, IReadOnlyList<string>> { ["a"] = ["x", "y"], ["b"] = ["z"] },
            new Dictionary<string, IReadOnlyList<string>> { ["a"] = ["y", "w"] }]);

        Assert.Equal(["x", "y", "w"], union["a"]);
        Assert.Equal(["z"], union["b"]);
    }

    [Fact]
    public void AListOfATrailIsAddedToThatOfThePack()
    {
        var (pack, list) = Packs.All.SelectMany(pack => pack.Content.Lists.Select(list => (pack, list))).First(
            one => one.pack.Content.Rules.Any(rule => rule.Enabled && rule.Exceptions.Users.Contains($"${one.list.Key}")));
        var file = new DetectionsFile { Packs = [pack.Name], Lists = new Dictionary<string, IReadOnlyList<string>> { [list.Key] = ["mine"] } };

        var rule = file.Effective().First(rule => Packs.Rules.Single(other => other.Name == rule.Name).Exceptions.Users.Contains($"${list.Key}"));

        Assert.Contains("mine", rule.Exceptions.Users);
        Assert.All(list.Value, item => Assert.Contains(item, rule.Exceptions.Users));
    }

    static DetectionRule Expanded(string match, string lists) => Assert.Single(SomeRules.Load(SomeRules.File(match).With("lists", lists)).Effective());
}
