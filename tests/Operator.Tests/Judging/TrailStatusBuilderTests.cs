using ClusterTrail.Contract;
using ClusterTrail.Operator.Judging;

namespace ClusterTrail.Operator.Tests.Judging;

public sealed class TrailStatusBuilderTests
{
    [Fact]
    public void TheStatusSumsUpItsAgents()
    {
        var view = Some.View() with
        {
            Nodes = [Some.NodeView("cp-1", Some.Status("old")), Some.NodeView("cp-2")],
        };

        var status = TrailStatusBuilder.Build(view);

        Assert.Equal(("s3://audit/prod", "2/2", "<1s", 3L), (status.Sink, status.Agents!.Summary, status.Lag, status.ObservedGeneration));
        Assert.Equal((200L, 120L, 120L, 4L, 0L),
            (status.ReadEvents, status.SelectedEvents, status.DeliveredEvents, status.DeliveredBatches, status.Gaps));
        Assert.Equal((1, "prod/events/x", Some.Noon), (status.Selectors!.Synced, status.LastObject, status.LastDeliveryTime));
        Assert.Equal(["cp-1", "cp-2"], status.Nodes!.Select(node => node.Name));
    }

    [Fact]
    public void ATransitionsTimeStaysUntilTheStatusChanges()
    {
        var view = Some.View();
        var first = TrailStatusBuilder.Build(view with { Now = Some.Noon.AddMilliseconds(700) });

        var later = view with { Trail = view.Trail with { Status = first }, Now = Some.Noon.AddHours(1) };
        var same = TrailStatusBuilder.Build(later);
        var other = TrailStatusBuilder.Build(later with { Problems = [new("No", "No.")] });

        Assert.All(same.Conditions!, condition => Assert.Equal(Some.Noon, condition.LastTransitionTime));
        Assert.Equal(Some.Noon.AddHours(1), other.Conditions!.Single(condition => condition.Type == "Accepted").LastTransitionTime);
        Assert.Equal(Some.Noon, other.Conditions!.Single(condition => condition.Type == "Available").LastTransitionTime);
    }

    [Fact]
    public void WhatWasDeliveredLastOutlivesItsAgent()
    {
        var view = Some.View();
        var before = TrailStatusBuilder.Build(view);

        var after = TrailStatusBuilder.Build(view with { Trail = view.Trail with { Status = before }, Nodes = [] });

        Assert.Equal((before.LastObject, before.LastDeliveryTime, before.LastEventTime),
            (after.LastObject, after.LastDeliveryTime, after.LastEventTime));
    }

    [Theory]
    [InlineData(0.4, "<1s")]
    [InlineData(61, "61s")]
    [InlineData(600, "10m")]
    [InlineData(90000, "25h")]
    public void ALagIsToldInWords(double seconds, string expected)
    {
        var view = Some.View().With(status => status with { Sources = [status.Sources[0] with { LagSeconds = seconds }] });

        Assert.Equal(expected, TrailStatusBuilder.Build(view).Lag);
    }

    [Fact]
    public void ADirectoryIsDescribedToo() =>
        Assert.Equal(
            "pvc:archive",
            TrailStatusBuilder.Describe(
                new()
                {
                    Type = SinkType.Directory,
                    Directory = new()
                    {
                        Type = Trails.Api.DirectoryType.PersistentVolumeClaim,
                        PersistentVolumeClaim = new() { ClaimName = "archive" },
                    },
                }));
}
