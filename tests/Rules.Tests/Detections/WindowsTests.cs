using ClusterTrail.Contract.Detections;
using ClusterTrail.Testing;

namespace ClusterTrail.Rules.Tests.Detections;

public sealed class WindowsTests
{
    const int Capacity = Rules.Detections.Windows.Capacity;

    static readonly DateTimeOffset Start = new(2026, 11, 22, 5, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void RandomBurstsAreFoundAsTheSpecificationSays(int seed)
    {
        var chance = new Random(seed);
        var bursts = 0;
        for (var round = 0; round < RandomSequences.Of(300); round++)
        {
            var threshold = new Threshold { Count = chance.Next(2, 9), WindowSeconds = chance.Next(1, 30), By = chance.Next(3) == 0 ? [] : ["user.username"] };
            var detecting = new Detecting(Detecting.Rule() with { Threshold = threshold });
            var (model, now) = (new Dictionary<string, (DateTimeOffset Start, List<int> Lines)>(), Start);
            for (var line = 0; line < 200; line++)
            {
                // Now and then a little back: lines stand in the order in which requests end.
                now += TimeSpan.FromMilliseconds(chance.Next(-800, 3000));
                var user = $"user-{chance.Next(5)}";

                var findings = detecting.See(Line(now, user));

                var expected = Note(model, threshold, threshold.By.Count == 0 ? "" : user, now, line);
                Assert.Equal(expected is null ? 0 : 1, findings.Count);
                if (expected is not null)
                {
                    Assert.Equal((0, threshold.Count), (findings[0].Rule, findings[0].Events));
                    Assert.Equal(expected.Select(at => (long)at), findings[0].Evidence.Select(position => position.Offset));
                    bursts++;
                }
            }

            Assert.Equal(0, detecting.Counts().Evicted);
        }

        Assert.True(bursts > RandomSequences.Of(1000), $"{bursts}");
    }

    [Fact]
    public void ABurstIsToldOnceUntilItsWindowHasPassed()
    {
        var detecting = Bursts(count: 3, seconds: 60);

        var findings = Enumerable.Range(0, 130).Where(second => detecting.Count(Line(Start.AddSeconds(second))) == 1);

        Assert.Equal([2, 62, 122], findings);
    }

    [Fact]
    public void DifferentValuesAreCountedAndNotEvents()
    {
        var detecting = new Detecting(Detecting.Rule() with { Threshold = new() { Count = 3, WindowSeconds = 60, By = ["user.username"], Distinct = "verb" } });
        string[] verbs = ["get", "get", "list", "get", "list", "watch", "watch", "create"];

        var findings = verbs.SelectMany((verb, second) => detecting.See(Line(Start.AddSeconds(second), "ann", verb))).ToList();
        var ofAnother = detecting.Count(Line(Start.AddSeconds(9), "bob", "get"), Line(Start.AddSeconds(9), "bob", "list"));
        var later = verbs.Select((verb, second) => detecting.Count(Line(Start.AddSeconds(70 + second), "ann", verb))).ToList();

        // Named as evidence is the first event of each value.
        Assert.Equal([0, 2, 5], Assert.Single(findings).Evidence.Select(position => position.Offset));
        Assert.Equal(0, ofAnother);
        Assert.Equal([0, 0, 0, 0, 0, 1, 0, 0], later);
    }

    [Fact]
    public void AWindowIsOfEventTimeAndBeginsWithItsFirstEvent()
    {
        var detecting = Bursts(count: 2, seconds: 10);

        Assert.Equal(0, detecting.Count(Line(Start), Line(Start.AddSeconds(10))));
        Assert.Equal(1, detecting.Count(Line(Start.AddSeconds(19.999))));
    }

    [Fact]
    public void AnEventThatTellsNoTimeIsOfTheTimeBefore()
    {
        var detecting = Bursts(count: 3, seconds: 10);

        Assert.Equal(1, detecting.Count(Line(Start), AuditLine.Of(("stageTimestamp", null)), AuditLine.Of(("stageTimestamp", "\"soon\""))));
    }

    [Fact]
    public void AClockThatIsSetBackBlindsNoRule()
    {
        var detecting = Bursts(count: 2, seconds: 10);
        detecting.Count(Line(Start.AddHours(2)), Line(Start.AddHours(2)));

        Assert.Equal(1, detecting.Count(Line(Start), Line(Start)));
    }

    [Fact]
    public void EvidenceIsTheFirstFewAndTheLast()
    {
        var detecting = Bursts(count: 20, seconds: 3600);

        var finding = Assert.Single(Enumerable.Range(0, 20).SelectMany(second => detecting.See(Line(Start.AddSeconds(second)))));

        Assert.Equal([0L, 1, 2, 3, 19], finding.Evidence.Select(position => position.Offset));
        Assert.Equal(20, finding.Events);
    }

    [Fact]
    public void EvidenceOfAFindingIsNotWrittenOver()
    {
        var detecting = Bursts(count: 2, seconds: 10);
        detecting.Count(Line(Start));
        var evidence = Assert.Single(detecting.See(Line(Start))).Evidence;

        detecting.Count(Line(Start.AddSeconds(60)), Line(Start.AddSeconds(60)));

        Assert.Equal([0L, 1], evidence.Select(position => position.Offset));
    }

    [Fact]
    public void BeyondItsCapacityTheWindowThatBeganFirstGivesWayAndIsCounted()
    {
        var detecting = Bursts(count: 2, seconds: 3600, "user.username");
        for (var user = 0; user < Capacity; user++)
            detecting.Count(Line(Start.AddSeconds(user), $"user-{user}"));
        var before = detecting.Counts().Evicted;

        detecting.Count(Line(Start.AddSeconds(2000), "one-more"));
        var after = detecting.Counts().Evicted;
        var (forgotten, kept) = (detecting.Count(Line(Start.AddSeconds(2001), "user-0")), detecting.Count(Line(Start.AddSeconds(2001), "user-5")));

        Assert.Equal((0, 1), (before, after));
        Assert.Equal((0, 1), (forgotten, kept));
        Assert.Equal(1, detecting.Counts().Evicted);
    }

    [Fact]
    public void AWindowThatHasPassedGivesWayUncounted()
    {
        var detecting = Bursts(count: 2, seconds: 1, "user.username");
        for (var user = 0; user < 3 * Capacity; user++)
            detecting.Count(Line(Start.AddSeconds(2 * user), $"user-{user}"));

        Assert.Equal(0, detecting.Counts().Evicted);
    }

    [Fact]
    public void EveryPathThatMayBeCountedByTellsEventsApart()
    {
        foreach (var path in Threshold.AllowedBy)
        {
            var detecting = Bursts(count: 2, seconds: 10, path);

            Assert.Equal((path, 0), (path, detecting.Count(AuditLine.Of(), Other())));
            Assert.Equal((path, 2), (path, detecting.Count(AuditLine.Of(), Other())));
        }

        static byte[] Other() => AuditLine.Of(
            ("user", """{"username":"bob"}"""), ("impersonatedUser", """{"username":"eve"}"""), ("sourceIPs", """["10.0.0.7","10.0.0.8"]"""), ("verb", "\"list\""),
            AuditLine.ObjectRef("secrets", "status", "apps", "other", "db"), ("responseStatus", "{\"code\":403}"));
    }

    [Fact]
    public void WhatAClientSaysOfItsAddressCountsForNothing()
    {
        var detecting = Bursts(count: 2, seconds: 10, "sourceIPAddress");

        Assert.Equal(1, detecting.Count(AuditLine.Of(("sourceIPs", """["1.1.1.1","10.0.0.7"]""")), AuditLine.Of(("sourceIPs", """["2.2.2.2","10.0.0.7"]"""))));
    }

    [Fact]
    public void ValuesAreNotRunTogether()
    {
        var detecting = Bursts(count: 2, seconds: 10, "objectRef.namespace", "objectRef.name");

        Assert.Equal(0, detecting.Count(AuditLine.Of(AuditLine.ObjectRef("pods", ns: "ab", name: "c")), AuditLine.Of(AuditLine.ObjectRef("pods", ns: "a", name: "bc"))));
    }

    // What docs/detections.md says: a window from the first event on; not again before it has passed.
    static List<int>? Note(Dictionary<string, (DateTimeOffset Start, List<int> Lines)> model, Threshold threshold, string key, DateTimeOffset now, int line)
    {
        if (!model.TryGetValue(key, out var window) || (now - window.Start).Duration() >= TimeSpan.FromSeconds(threshold.WindowSeconds))
            model[key] = window = (now, []);

        window.Lines.Add(line);
        return window.Lines.Count == threshold.Count ? [.. window.Lines.Take(4), .. window.Lines.Skip(4).TakeLast(1)] : null;
    }

    static Detecting Bursts(int count, int seconds, params string[] by) =>
        new(Detecting.Rule() with { Threshold = new() { Count = count, WindowSeconds = seconds, By = by } });

    static byte[] Line(DateTimeOffset time, string user = "ann", string verb = "get") =>
        AuditLine.Of(("verb", $"\"{verb}\""), ("stageTimestamp", $"\"{time:yyyy-MM-ddTHH:mm:ss.ffffffZ}\""), ("user", $$"""{"username":"{{user}}"}"""));
}
