using ClusterTrail.Contract.Selectors;
using ClusterTrail.Rules.Events;
using ClusterTrail.Rules.Selectors;
using ClusterTrail.Testing;

namespace ClusterTrail.Rules.Tests.Selectors;

public sealed class StageWatchTests
{
    static readonly SelectorRule Pods = new() { Level = SelectorLevel.Metadata, Resources = [new() { Resources = ["pods"] }] };

    readonly JsonIndex index = new();

    [Fact]
    public void AThousandRequestsWithoutAnEndLackIt()
    {
        var watch = Watch(Pods);
        See(watch, "RequestReceived", StageWatch.Least - 1);
        Assert.Empty(watch.Stages.Missing());
        watch.Stages.IsChanged = false;

        See(watch, "RequestReceived", 1);

        Assert.True(watch.Stages.IsChanged);
        Assert.Equal([(0, AuditStage.ResponseComplete)], watch.Stages.Missing());
    }

    [Fact]
    public void OneEndIsEnough()
    {
        var watch = Watch(Pods);
        See(watch, "RequestReceived", StageWatch.Least);
        watch.Stages.IsChanged = false;

        See(watch, "ResponseComplete", 1);

        Assert.True(watch.Stages.IsChanged);
        Assert.Empty(watch.Stages.Missing());
    }

    [Fact]
    public void ABeginningIsMissedOnlyWhereItIsWanted()
    {
        var (wanted, omitted) = (Watch(Pods), Watch(Pods with { OmitStages = [AuditStage.RequestReceived] }));

        See(wanted, "ResponseComplete", StageWatch.Least);
        See(omitted, "ResponseComplete", StageWatch.Least);

        Assert.Equal([(0, AuditStage.RequestReceived)], wanted.Stages.Missing());
        Assert.Empty(omitted.Stages.Missing());
    }

    [Fact]
    public void WatchesLastAndShowNothing()
    {
        var watch = Watch(Pods);

        See(watch, "RequestReceived", StageWatch.Least, "watch");

        Assert.Empty(watch.Stages.Missing());
    }

    [Fact]
    public void BehindARuleThatOnlyOneStageMatchesNothingIsClaimed()
    {
        var refused = Pods with { Fields = [new() { Path = "responseStatus.code", Operator = FieldOperator.Equals, Values = ["200"] }] };
        var named = Pods with { Resources = [new() { Resources = ["pods"], ResourceNames = ["web"] }] };

        foreach (var watch in new[] { Watch(refused, Pods), Watch(named, Pods), Watch(Pods with { Level = SelectorLevel.None }) })
        {
            Assert.True(watch.Stages.IsIdle);
            See(watch, "RequestReceived", StageWatch.Least);
            Assert.Empty(watch.Stages.Missing());
        }
    }

    [Fact]
    public void LaterSetsAreNotAlwaysAskedAndShowNothing()
    {
        var watch = new PolicyWatch(new(new()
        {
            RuleSets =
            [
                new() { Name = "main", OmitStages = [AuditStage.RequestReceived], Rules = [Pods] },
                new() { Name = "shop/a", Namespace = "shop", Rules = [Pods] },
            ],
        }));

        for (var round = 0; round < StageWatch.Least; round++)
        {
            See(watch, "RequestReceived", 1);
            See(watch, "ResponseComplete", 1);
        }

        Assert.Empty(watch.Stages.Missing());
    }

    static PolicyWatch Watch(params SelectorRule[] rules) => new(new(Some.Selectors(rules)));

    void See(PolicyWatch watch, string stage, int times, string verb = "get")
    {
        var line = AuditLine.Of(("stage", $"\"{stage}\""), ("verb", $"\"{verb}\""), ("responseStatus", stage == "RequestReceived" ? null : """{"code":200}"""));
        Assert.True(AuditEvent.TryParse(line, index, out var audit, out _));
        for (var time = 0; time < times; time++)
            watch.Selector.Select(audit, watch);
    }
}
