using ClusterTrail.Operator.Judging;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Manifests;

namespace ClusterTrail.Operator.Tests.Judging;

public sealed class IntactConditionTests
{
    const string Intact = IntactCondition.Type;

    [Fact]
    public void AllIsWell() => Is("True", "DigestsInTime", "all keys are enrolled", Some.View());

    [Fact]
    public void TheMostSpecificCauseIsNamed()
    {
        var late = Some.Chain("cp-1") with { NextBy = Some.Noon.AddHours(-2), EnrolledAt = Some.Noon.AddHours(-2), IsStored = false };
        var view = Some.View() with
        {
            Chains = Some.Chains(late with { MovedBack = new(3, null, Some.Noon) }) with { Problem = new("SigningKeyDamaged", "It is damaged") },
        };

        Is("False", "ChainMovedBack", "the agent sealed digest 7 of chain agent, and at 2026-11-22T12:00:00Z it said that 3 is its newest", view);
        view = view with { Chains = Some.Chains(late) with { Problem = view.Chains!.Problem } };
        Is("False", "SigningKeyDamaged", "It is damaged.", view);
        view = view with { Chains = Some.Chains(late) };
        Is("False", "DigestsNotSealed", "On cp-1: The disk is full.", Failing(view));
        Is("False", "DigestOverdue", "was due at 2026-11-22T10:00:00Z", view);
        Is("False", "KeysNotStored", "of cp-1.", view with { Chains = Some.Chains(late with { NextBy = null }) });
    }

    [Theory]
    [InlineData(1, "True", "DigestsInTime")]
    [InlineData(3, "False", "DigestOverdue")]
    public void ADigestMayBeALittleLate(int minutes, string status, string reason) => Is(
        status, reason, "", Some.View() with { Chains = Some.Chains(Some.Chain("cp-1") with { NextBy = Some.Noon.AddMinutes(-minutes) }) });

    [Fact]
    public void AfterTheLastDigestNoneIsDue() =>
        Is("True", "DigestsInTime", "", Some.View() with { Chains = Some.Chains(Some.Chain("cp-1") with { NextBy = null }) });

    [Fact]
    public void AKeyIsOnItsWayForAWhile() => Is(
        "Unknown", "EnrollingKeys", "of cp-1.",
        Some.View() with { Chains = Some.Chains(Some.Chain("cp-1") with { IsStored = false, EnrolledAt = Some.Noon.AddMinutes(-14) }) });

    [Fact]
    public void AnAgentThatSaysNothingOfDigestsIsNamed() =>
        Is("Unknown", "NotReported", "run on cp-1.", Some.View().With(status => status with { Integrity = null }));

    [Fact]
    public void ChainsOfAgentsOnAllNodesCountWhileThereAreToBeSuchAgents()
    {
        var late = Some.Chain("w", "workloads") with { NextBy = Some.Noon.AddHours(-1) };
        var view = Some.View() with { Chains = Some.Chains(Some.Chain("cp-1"), late) };
        var workloads = view with { Role = AgentRole.Workloads, Nodes = [Some.NodeView("w")] };

        Is("True", "DigestsInTime", "", view);
        Is("False", "DigestOverdue", "On w the next digest of chain workloads", view with { Workloads = workloads });
        Is("True", "DigestsInTime", "", view with { Workloads = workloads with { IsUnasked = true } });
    }

    [Fact]
    public void OfManyNodesTenAreNamed()
    {
        var late = Enumerable.Range(10, 15).Select(at => Some.Chain($"cp-{at}") with { NextBy = Some.Noon.AddHours(-1) }).ToArray();

        Is(
            "False", "DigestOverdue", "cp-18, cp-19 and 5 more.",
            Some.View() with { Chains = Some.Chains(late), Nodes = [.. late.Select(chain => Some.NodeView(chain.Node))] });
    }

    [Fact]
    public void ItIsNoPartOfReady() => Assert.True(
        TrailConditions.Evaluate(Failing(Some.View())).Single(verdict => verdict.Type == TrailConditions.Ready).Holds);

    static TrailView Failing(TrailView view) =>
        view.With(status => status with { Integrity = status.Integrity! with { Problem = "The disk is full" } });

    static void Is(string status, string reason, string part, TrailView view)
    {
        var verdict = TrailConditions.Evaluate(view).Single(verdict => verdict.Type == Intact);
        Assert.Equal((status, reason), (verdict.Status, verdict.Reason));
        Assert.Contains(part, verdict.Message, StringComparison.Ordinal);
    }
}
