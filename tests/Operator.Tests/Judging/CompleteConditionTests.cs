using ClusterTrail.Operator.Judging;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Tests.Judging;

public sealed class CompleteConditionTests
{
    const string Complete = CompleteCondition.Type;

    [Fact]
    public void WhenAllIsReadItSaysHowCloselyThatIsKnown()
    {
        Say(With(Count()), Complete, "True", "AllRead", "Every event that API servers made since 2026-11-22T12:00:00Z was read, by their own count.");
        Say(With(Count() with { MissingAtMost = 60 }), Complete, "True", "AllRead", "by their own count, to within 100 events.");
    }

    [Fact]
    public void WhatIsMissingIsToldWithNumberPlaceAndReason()
    {
        Say(
            With(Count() with { MissingAtLeast = 1200, MissingAtMost = 1200, Reason = "RotatedAway", FoundAt = Some.Noon }), Complete, "False", "RotatedAway",
            "On cp-1: 1,200 events that the API server made were not read, found 2026-11-22T12:00:00Z. Files were rotated away before they were read");
        Say(
            With(Count() with { Name = "all", MissingAtLeast = 3, MissingAtMost = 9, EarlierMissing = 10, Reason = "AnotherLog" }), Complete, "False", "AnotherLog",
            "Of all API servers: 13 to 19 events");
    }

    [Fact]
    public void TheNewestLossIsToldFirstAndTheOthersAreNamed()
    {
        var old = Count() with { MissingAtLeast = 1, MissingAtMost = 1, FoundAt = Some.Noon.AddHours(-23), Reason = "RotatedAway" };
        var found = Count() with { Name = "cp-3", MissingAtLeast = 90_000, MissingAtMost = 90_000, FoundAt = Some.Noon, Reason = "AnotherLog" };

        Say(With(old, found), Complete, "False", "AnotherLog", "On cp-3: 90,000 events");
        Say(With(old, found), Complete, "False", "AnotherLog", "So it is on cp-1, found 2026-11-21T13:00:00Z");
        Say(With(old, found, old with { Name = "cp-2" }), Complete, "False", "AnotherLog", "So it is on 2 more nodes, such as cp-1");
    }

    [Fact]
    public void OfAWebhookNoLogIsToldToBeLookedAt()
    {
        var lossy = With(Count() with { MissingAtLeast = 9, MissingAtMost = 9, Reason = "AnotherLog", FoundAt = Some.Noon });
        var sent = lossy with
        {
            Trail = lossy.Trail with { Spec = lossy.Trail.Spec with { Sources = new() { ApiServer = new() { Type = ApiServerSourceType.Webhook } } } },
        };

        Assert.Contains("--audit-log-path", CompleteCondition.Evaluate(lossy).Single().Message, StringComparison.Ordinal);
        Assert.Contains("killed before it had sent them", CompleteCondition.Evaluate(sent).Single().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MoreThanWasMadeIsUnknown() => Say(
        With(Count() with { SurplusAtLeast = 4 }), Complete, "Unknown", "AnotherWriter", "On cp-1: 4 more events were read than the API servers made.");

    [Fact]
    public void WhatCannotBeComparedSaysWhy()
    {
        var problem = new CompletenessView([], "the API server at 10.0.0.1:6443: Forbidden.") { ProblemSince = Some.Noon };

        Say(Some.View() with { Completeness = null }, Complete, "Unknown", "NotCompared", "not compared yet");
        Say(Some.View() with { Completeness = problem }, Complete, "Unknown", "NotCompared", "Forbidden");
        // A moment without an answer changes nothing; an hour does.
        var stalled = Some.View() with { Completeness = problem with { Counts = [Count()] } };
        Say(With(Count()).After(TimeSpan.FromSeconds(30), stalled), Complete, "True", "AllRead", "was read");
        Say(With(Count()).After(TimeSpan.FromHours(1), stalled), Complete, "Unknown", "NotCompared", "Forbidden");
    }

    [Fact]
    public void OfEventsFromElsewhereNothingIsSaid()
    {
        var trail = Some.Trail();
        var bucket = Some.View() with
        {
            Trail = trail with { Spec = trail.Spec with { Sources = new() { ApiServer = new() { Type = ApiServerSourceType.Bucket } } } },
        };

        Assert.Empty(CompleteCondition.Evaluate(bucket));
        Assert.Empty(CompleteCondition.Evaluate(Some.View() with { Trail = trail with { Spec = trail.Spec with { Logging = false } } }));
    }

    // What is missing is no reason why nothing would be recorded.
    static void Say(TrailView view, string type, string status, string reason, string part) =>
        Expected.Condition(view, type, status, reason, part, ready: "Recording");

    static TrailView With(params TrailCompleteness[] counts) => Some.View() with { Completeness = new(counts) };

    static TrailCompleteness Count() => new() { Name = "cp-1", Since = Some.Noon, Server = "s", Agent = "a" };
}
