using ClusterTrail.Operator.Judging;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Tests.Judging;

public sealed class AnchoredConditionTests
{
    [Fact]
    public void NobodyAsksForIt() =>
        Assert.DoesNotContain(TrailConditions.Evaluate(Some.View()), verdict => verdict.Type == AnchoredCondition.Type);

    [Fact]
    public void EachStateIsSaid()
    {
        Is("Unknown", "NotWritten", "no agent has reported", null);
        Is("Unknown", "NotWritten", "No head has been anchored", new() { Location = "s3://anchors", Chains = 0 });
        Is("True", "Anchored", "The head of the only chain is kept in s3://anchors", new() { Location = "s3://anchors", Chains = 1 });
        Is("True", "Anchored", "The heads of all 3 chains are kept in s3://anchors", new() { Location = "s3://anchors", Chains = 3 });
        Is("False", "AccessDenied", "cannot be kept in s3://anchors: Grant it.", Failing("AccessDenied", "Grant it"));
        Is("False", "AnchorAhead", "somebody moved heads back", Failing("AnchorAhead", "The anchor is at 9"));
        Is("False", "AnchorDamaged", "Find out who can write to s3://anchors", Failing("AnchorDamaged", "It is none"));
    }

    [Fact]
    public void ItIsNoPartOfReady() => Assert.True(
        TrailConditions.Evaluate(Asked(Failing("AccessDenied", "x"))).Single(verdict => verdict.Type == TrailConditions.Ready).Holds);

    static AnchorsView Failing(string reason, string message) =>
        new() { Location = "s3://anchors", Chains = 0, Problem = new(reason, message) };

    static TrailView Asked(AnchorsView? anchors)
    {
        var view = Some.View();
        return view with
        {
            Anchors = anchors,
            Trail = view.Trail with
            {
                Spec = view.Trail.Spec with { Integrity = new() { Anchor = new() { Bucket = "anchors", Credentials = new() { Name = "anchors" } } } },
            },
        };
    }

    static void Is(string status, string reason, string part, AnchorsView? anchors)
    {
        var verdict = TrailConditions.Evaluate(Asked(anchors)).Single(verdict => verdict.Type == AnchoredCondition.Type);
        Assert.Equal((status, reason), (verdict.Status, verdict.Reason));
        Assert.Contains(part, verdict.Message, StringComparison.Ordinal);
    }
}
