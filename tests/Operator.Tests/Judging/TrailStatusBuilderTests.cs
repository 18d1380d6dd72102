using ClusterTrail.Contract;
using ClusterTrail.Operator.Judging;
using ClusterTrail.Trails.Api;

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

    [Fact]
    public void ALossThatIsOverIsInNoStatus()
    {
        var lossy = new TrailCompleteness { Name = "cp-1", Server = "s", Agent = "a", Since = Some.Noon, MissingAtLeast = 7, FoundAt = Some.Noon.AddDays(-9) };
        var view = Some.View();
        view = view with { Trail = view.Trail with { Status = new() { Completeness = [lossy] } } };

        Assert.Null(TrailStatusBuilder.Build(view with { Completeness = new([], "the agent on cp-1 does not answer.") }).Completeness);
        // Before the first look it is what the last operator knew.
        Assert.Equal([lossy], TrailStatusBuilder.Build(view with { Completeness = null }).Completeness!);
    }

    [Fact]
    public void OfTooManyCountsThoseThatLostStay()
    {
        var counts = Enumerable.Range(0, 60).Select(at => new TrailCompleteness { Name = $"cp-{at:00}", Server = "s", Agent = "a", Since = Some.Noon }).ToList();
        counts[59] = counts[59] with { MissingAtLeast = 7, FoundAt = Some.Noon };

        var shown = TrailStatusBuilder.Build(Some.View() with { Completeness = new(counts) }).Completeness!;

        Assert.Equal((50, "cp-59"), (shown.Count, shown[^1].Name));
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
