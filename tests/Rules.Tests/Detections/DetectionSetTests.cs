using System.Text.Json;
using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Detections;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;

namespace ClusterTrail.Rules.Tests.Detections;

public sealed class DetectionSetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void NoRuleThatFiresIsHiddenByTheTable(int seed)
    {
        var random = new RandomRules(seed);
        var index = new JsonIndex();
        var matched = 0;
        for (var round = 0; round < RandomSequences.Of(200); round++)
        {
            var set = new DetectionSet([.. Enumerable.Range(0, 10).Select(at => random.Rule($"rule-{at}"))]);
            var lines = Enumerable.Range(0, 30).Select(_ => JsonSerializer.SerializeToUtf8Bytes(random.Event())).Concat(RealLog.Lines.Where((_, at) => at % 100 == round % 100));
            foreach (var line in lines)
                matched += AssertNoneHidden(set, line, index);
        }

        Assert.True(matched > RandomSequences.Of(1000), $"{matched}");
    }

    [Fact]
    public void ThePacksHideNothingOfARealLog()
    {
        var set = new DetectionSet([.. Packs.Rules]);
        var index = new JsonIndex();

        foreach (var line in RealLog.Lines)
            AssertNoneHidden(set, line, index);
    }

    [Fact]
    public void NamesAreComparedByWhatTheyMean()
    {
        var detecting = new Detecting(Detecting.Rule(new() { Verbs = ["get"], Resources = [new() { Resources = ["pods"] }] }));

        Assert.Single(detecting.See(AuditLine.Of(("verb", "\"\\u0067et\""), AuditLine.ObjectRef("\\u0070ods"))));
    }

    [Fact]
    public void AnyNumberOfNamesIsToldApart()
    {
        string[] many = [.. Enumerable.Range(0, 2000).Select(at => $"name-{at}")];
        var detecting = new Detecting(
            Detecting.Rule(new() { Verbs = many, Resources = [new() { Resources = many }] }, "a"),
            Detecting.Rule(new() { Verbs = ["get"], Resources = [new() { Resources = ["pods"] }] }, "b"));

        Assert.Equal(0, Assert.Single(detecting.See(AuditLine.Of(("verb", "\"name-1999\""), AuditLine.ObjectRef("name-7")))).Rule);
        Assert.Equal(1, Assert.Single(detecting.See(AuditLine.Of())).Rule);
        Assert.Empty(detecting.See(AuditLine.Of(("verb", "\"name-2000\""))));
    }

    static int AssertNoneHidden(DetectionSet set, byte[] line, JsonIndex index)
    {
        Assert.True(AuditEvent.TryParse(line, index, out var audit, out _));
        var (candidates, concerned) = (new HashSet<int>(), new HashSet<int>());
        foreach (var rule in set.CandidatesFor(audit, new ulong[set.Words]))
            candidates.Add(rule);
        foreach (var rule in set.ConcernedByRequest(audit, new ulong[set.Words]))
            concerned.Add(rule);
        Assert.Superset(candidates, concerned);
        var matched = 0;
        for (var rule = 0; rule < set.Detections.Count; rule++)
        {
            if (set[rule].Test(audit) == Outcome.No)
                continue;

            matched++;
            if (!candidates.Contains(rule))
                Assert.Fail($"{JsonSerializer.Serialize(set[rule].Rule)} is hidden from {System.Text.Encoding.UTF8.GetString(line)}");
        }

        return matched;
    }
}
