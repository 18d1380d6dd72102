using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Tests.Judging;

public sealed class ImmutableConditionTests
{
    [Fact]
    public void NobodyAsksForIt() =>
        Assert.DoesNotContain(TrailConditions.Evaluate(Some.View()), verdict => verdict.Type == ImmutableCondition.Type);

    [Fact]
    public void ItIsThereWithObjectLock()
    {
        var trail = Some.View().Trail;
        var locked = trail with
        {
            Spec = trail.Spec with
            {
                Sink = new() { Type = Contract.SinkType.S3, S3 = new() { Bucket = "b", ObjectLock = new() { Mode = default, RetentionDays = 1 } } },
            },
        };

        Is("Unknown", "NotTried", "daily", Some.View() with { Trail = locked });
        Assert.DoesNotContain(
            TrailConditions.Evaluate(Some.View() with { Trail = locked with { Spec = locked.Spec with { Integrity = new() { Canary = false } } } }),
            verdict => verdict.Type == ImmutableCondition.Type);
    }

    [Fact]
    public void WhatAgentsFoundIsSaid()
    {
        Is("True", "Locked", "On cp-1: The store said so.", Asked(Found(true, "Locked")));
        Is("True", "NoPermission", "On cp-1", Asked(Found(true, "NoPermission")));
        Is("False", "Deletable", "On cp-1: The store said so.", Asked(Found(false, "Deletable")));
        Is("Unknown", "Timeout", "tries again in 15 minutes", Asked(Found(null, "Timeout")));
        Is("Unknown", "Error503", "On cp-1", Asked(Found(null, "503!")));
    }

    [Fact]
    public void WhatIsOldIsNotKnown() =>
        Is("Unknown", "NotTried", "daily", Asked(Found(true, "Locked") with { At = Some.Noon.AddDays(-3) }));

    [Fact]
    public void WhatWasTrueDoesNotStayTrueWhenNobodyTriesAnyMore()
    {
        var view = Asked(Found(true, "Locked") with { At = Some.Noon.AddDays(-3) });
        var status = new TrailStatus { Conditions = [new() { Type = "Immutable", Status = "True", Reason = "Locked", Message = "It was." }] };

        Is("Unknown", "NotTried", "daily", view with { Trail = view.Trail with { Status = status } });
    }

    [Fact]
    public void AnAgentThatNeverTriesKeepsNothingTrue()
    {
        var status = new TrailStatus
        {
            Conditions = [new() { Type = "Immutable", Status = "True", Reason = "Locked", Message = "It was." }],
        };
        var view = Asked(null);
        view = view with { Trail = view.Trail with { Status = status } };

        Is("True", "Locked", "It was.", Started(view, Some.Noon.AddMinutes(-50)));
        Is("Unknown", "NotTried", "daily", Started(view, Some.Noon.AddMinutes(-70)));
    }

    [Fact]
    public void TheWeakestCounts()
    {
        var workloads = Asked(Found(true, "LockedUnproven")) with { Role = Trails.Manifests.AgentRole.Workloads };

        Is("True", "LockedUnproven", "On cp-1", Asked(Found(true, "Locked")) with { Workloads = workloads });
        Is("True", "NoPermission", "On cp-1", Asked(Found(true, "NoPermission")) with { Workloads = workloads });
    }

    [Fact]
    public void OneNodeIsEnough()
    {
        var bad = Asked(Found(false, "NotVersioned"));
        var workloads = bad with { Role = Trails.Manifests.AgentRole.Workloads };

        Is("False", "NotVersioned", "On cp-1", Asked(Found(true, "Locked")) with { Workloads = workloads });
        Is("True", "Locked", "On cp-1", Asked(Found(true, "Locked")) with { Workloads = workloads with { IsUnasked = true } });
    }

    [Fact]
    public void ItIsNoPartOfReady() => Assert.True(TrailConditions.Evaluate(Asked(Found(false, "Deletable")))
        .Single(verdict => verdict.Type == TrailConditions.Ready).Holds);

    static ImmutabilityStatus Found(bool? immutable, string reason) =>
        new() { At = Some.Noon, Immutable = immutable, Reason = reason, Message = "The store said so", Object = "canary/x" };

    static TrailView Started(TrailView view, DateTimeOffset at) =>
        view.With(status => status with { Agent = status.Agent with { StartedAt = at } });

    static TrailView Asked(ImmutabilityStatus? found)
    {
        var view = Some.View().With(status => status with { Immutability = found });
        return view with { Trail = view.Trail with { Spec = view.Trail.Spec with { Integrity = new() { Canary = true } } } };
    }

    static void Is(string status, string reason, string part, TrailView view)
    {
        var verdict = TrailConditions.Evaluate(view).Single(verdict => verdict.Type == ImmutableCondition.Type);
        Assert.Equal((status, reason), (verdict.Status, verdict.Reason));
        Assert.Contains(part, verdict.Message, StringComparison.Ordinal);
    }
}
