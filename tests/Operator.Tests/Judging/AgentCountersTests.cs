using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Operator.Model;

namespace ClusterTrail.Operator.Tests.Judging;

/// <summary>Sums over agents that come and go never fall, and count nothing twice.</summary>
public sealed class AgentCountersTests
{
    static readonly TimeSpan Poll = TimeSpan.FromSeconds(10);

    [Fact]
    public void AnAgentThatStartsAnewCountsOn()
    {
        var first = Counted(40, findings: 40, startedAt: 0);
        var more = first.After(Poll, Counted(45, findings: 41, startedAt: 0));
        var anew = more.After(Poll, Counted(3, findings: 1, startedAt: 1));
        var on = TrailStatusBuilder.Build(anew.After(Poll, Counted(8, findings: 1, startedAt: 1)));

        Assert.Equal((53L, 42L, 42L), (on.ReadEvents, on.Detections!.Findings, on.Detections.BySeverity!.High));
        Assert.Equal((26L, 4L), (on.AggregatedEvents, on.Nodes![0].AggregatedEvents));
        Assert.Equal((8L, 1L), (on.Nodes![0].ReadEvents, on.Nodes[0].Findings!.High));
    }

    [Fact]
    public void ANodeThatGoesKeepsItsShare()
    {
        var two = Some.View() with { Nodes = [Some.NodeView("cp-1", Status(10, 0, 0)), Some.NodeView("cp-2", Status(20, 0, 0))] };

        var one = TrailStatusBuilder.Build(two.After(Poll, Some.View() with { Nodes = [Some.NodeView("cp-1", Status(11, 0, 0))] }));

        Assert.Equal(31L, one.ReadEvents);
    }

    [Fact]
    public void AnAgentThatDoesNotAnswerForAWhileIsNotCountedTwice()
    {
        var before = Counted(40, findings: 0, startedAt: 0);
        var away = before.After(Poll, before with { Nodes = [Some.Bare("cp-1")] });

        Assert.Equal(45L, TrailStatusBuilder.Build(away.After(Poll, Counted(45, findings: 0, startedAt: 0))).ReadEvents);
    }

    [Fact]
    public void MoreNodesThanTheStatusHoldsAreNotCountedTwiceByAnOperatorThatStarts()
    {
        var nodes = Enumerable.Range(0, TrailStatusBuilder.MostNodes + 20).Select(n => Some.NodeView($"n-{n:000}", Status(10, 0, 0)))
            .ToList();
        var view = Some.View() with { Nodes = nodes };
        var written = TrailStatusBuilder.Written(TrailStatusBuilder.Build(view));

        var started = TrailStatusBuilder.Build(view with
        {
            Trail = view.Trail with { Status = written },
            Nodes = [.. nodes.Select(node => node with { Before = NodeStatusBuilder.Before(node.Name, written) })],
        });

        Assert.Equal((100, 1200L, 1200L), (written.Nodes!.Count, written.ReadEvents, started.ReadEvents));
    }

    static TrailView Counted(long events, long findings, int startedAt) =>
        Some.View() with { Nodes = [Some.NodeView("cp-1", Status(events, findings, startedAt))] };

    static AgentStatus Status(long events, long findings, int startedAt)
    {
        var status = Some.Status().With(detections => detections with
        {
            Findings = findings == 0 ? [] : [new("pod-exec", "high", "d", findings, Some.Noon, "e")],
        });
        return status with
        {
            Agent = status.Agent with { StartedAt = Some.Noon.AddHours(-1).AddMinutes(startedAt) },
            Sources = [status.Sources[0] with { ReadEvents = events, AggregatedEvents = events / 2 }],
        };
    }
}
