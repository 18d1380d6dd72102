using ClusterTrail.Contract.Detections;

namespace ClusterTrail.Contract.Tests.Detections;

public sealed class EffectiveRulesTests
{
    static readonly Pack Baseline = Packs.All.Single(pack => pack.Name == "baseline");

    [Fact]
    public void NoPackIsInForceUnlessItIsNamed() => Assert.Empty(new DetectionsFile().Effective());

    [Fact]
    public void APackBringsItsRulesButThoseThatAreOff()
    {
        var names = Names(new() { Packs = ["baseline"] });

        Assert.Equal(Baseline.Content.Rules.Where(rule => rule.Enabled).Select(rule => rule.Name), names);
        Assert.NotEmpty(names);
    }

    [Fact]
    public void ARuleIsSwitchedOnWithoutItsPackAndOffDespiteIt()
    {
        var name = Baseline.Content.Rules[0].Name;

        Assert.Equal([name], Names(new() { Enable = [name] }));
        Assert.DoesNotContain(name, Names(new() { Packs = ["baseline"], Disable = [name] }));
        Assert.Empty(Names(new() { Enable = [name], Disable = [name] }));
    }

    [Fact]
    public void ARuleIsInForceOnceHoweverOftenItIsNamed()
    {
        var name = Baseline.Content.Rules[0].Name;

        Assert.Single(Names(new() { Packs = ["baseline", "baseline"], Enable = [name, name] }), name);
    }

    [Fact]
    public void OwnRulesAreInForceUnlessTheyAreOff()
    {
        var file = SomeRules.Load(SomeRules.File());
        var off = file with { Rules = [file.Rules[0] with { Enabled = false }] };

        Assert.Equal(["some-rule"], Names(file));
        Assert.Empty(Names(off));
        Assert.Equal(["some-rule"], Names(off with { Enable = ["some-rule"] }));
        Assert.Empty(Names(file with { Disable = ["some-rule"] }));
    }

    [Fact]
    public void WhatIsWrittenReadsBack()
    {
        var file = SomeRules.Load(SomeRules.File("""{ "users": ["$a"], "any": [{ "fields": [{ "path": "object.x[*]", "where": [{ "path": "y", "operator": "Exists" }] }] }] }""")
            .With("lists.a", """["x", "<&'é"]""")
            .With("rules[0].threshold", """{ "count": 2, "windowSeconds": 60, "by": ["verb"] }""")
            .With("rules[0].stages", """["Panic"]"""));

        var again = Contracts.ParseDetections("again", Contracts.WriteCompact(file));

        Assert.Equivalent(file, again, strict: true);
    }

    static IEnumerable<string> Names(DetectionsFile file) => file.Effective().Select(rule => rule.Name);
}
