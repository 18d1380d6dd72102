using ClusterTrail.Contract.Status;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Operator.Model;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Tests.Judging;

public sealed class DetectionsStatusBuilderTests
{
    static readonly FindingsStatus Exec = new("pod-exec", "high", "d", 3, Some.Noon.AddMilliseconds(300), "e1");

    [Fact]
    public void TheStatusSumsUpWhatAgentsFound()
    {
        var view = Some.View() with
        {
            Nodes =
            [
                Agent("cp-1", status => status with { Findings = [Exec, new("anonymous", "low", "d", 5, Some.Noon.AddHours(-1), "e0")] }),
                Agent("cp-2", status =>
                    status with
                    {
                        Hash = "former",
                        Findings = [Exec with { Count = 1, LastAt = Some.Noon.AddMinutes(-1) }],
                        CannotFire = [new("b", "level Request", 1)],
                    }),
                Agent("cp-3", status => status with { CannotFire = [new("b", "level Request", 1), new("a", "level Request", 1)] }),
            ],
        };

        var status = Build(view);

        Assert.Equal((12, 9L, "de7ec7", 2), (status.Rules, status.Findings, status.Hash, status.Synced));
        Assert.Equal(new FindingsBySeverity { High = 4, Low = 5 }, status.BySeverity);
        Assert.Equal((Some.Noon, "pod-exec"), (status.LastFindingTime, status.LastFindingRule));
        Assert.Equal(["a", "b"], status.CannotFire!);
    }

    [Fact]
    public void WhatWasFoundLastOutlivesItsAgent()
    {
        var before = Build(Some.View() with { Nodes = [Agent("cp-1", status => status with { Findings = [Exec] })] });
        var trail = Some.Trail() with { Status = new() { Detections = before } };

        var silent = Build(Some.View() with { Trail = trail, Nodes = [] });
        var anew = Build(
            Some.View() with
            {
                Trail = trail,
                Nodes =
                [
                    Agent("cp-1", status => status with { Findings = [Exec with { Rule = "older", LastAt = Some.Noon.AddHours(-2) }] }),
                ],
            });

        Assert.Equal((Some.Noon, "pod-exec", 12), (silent.LastFindingTime, silent.LastFindingRule, silent.Rules));
        Assert.Equal((Some.Noon, "pod-exec", 6L), (anew.LastFindingTime, anew.LastFindingRule, anew.Findings));
    }

    static DetectionsSyncStatus Build(TrailView view) => TrailStatusBuilder.Build(view).Detections!;

    static NodeView Agent(string node, Func<DetectionsStatus, DetectionsStatus> change) => Some.NodeView(node, Some.Status().With(change));
}
