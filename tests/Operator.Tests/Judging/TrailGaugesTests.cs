using ClusterTrail.Testing;
using ClusterTrail.Trails.Api;

namespace ClusterTrail.Operator.Tests.Judging;

public sealed class TrailGaugesTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void OfTheThreeStatusesOfAConditionOneIsOne()
    {
        var trail = Some.Trail() with
        {
            Status = new() { Conditions = [new() { Type = "Ready", Status = "False" }, new() { Type = "Accepted", Status = "True" }] },
        };

        Assert.Equal(
            [
                "main Ready True 0", "main Ready False 1", "main Ready Unknown 0",
                "main Accepted True 1", "main Accepted False 0", "main Accepted Unknown 0",
            ],
            Series(trail));
    }

    [Fact]
    public void ATrailThatNobodyJudgedIsNotReady() =>
        Assert.Equal(["new Ready True 0", "new Ready False 0", "new Ready Unknown 1"], Series(Some.Trail("new")));

    [Fact]
    public void ReadyComesFirst()
    {
        var trail = Some.Trail() with
        {
            Status = new() { Conditions = [new() { Type = "Accepted", Status = "True" }, new() { Type = "Ready", Status = "True" }] },
        };

        Assert.Equal("main Ready True 1", Series(trail).First());
    }

    [Fact]
    public void AStoppedTrailIsToldOf()
    {
        var stopped = Some.Trail("old") with { Spec = Some.Trail().Spec with { Logging = false } };

        Assert.Equal([("main", 1), ("old", 0)],
            TrailGauges.Logging([Some.Trail(), stopped]).Select(series => ((string)series.Tags[0].Value!, series.Value)));
    }

    [Fact]
    public void WhatIsMissingIsANumberBetweenBounds()
    {
        var trail = Some.Trail() with
        {
            Status = new()
            {
                Completeness =
                [
                    new()
                    {
                        Name = "cp-1", Since = Some.Noon, Server = "s", Agent = "a", MissingAtLeast = 7, MissingAtMost = 9,
                        EarlierMissing = 100,
                    },
                ],
            },
        };

        Assert.Equal(["main cp-1 least 107", "main cp-1 most 109"], TrailGauges.MissingEvents([Some.Trail(), trail]).Select(series =>
            $"{string.Join(' ', series.Tags.ToArray().Select(tag => tag.Value))} {series.Value}"));
    }

    [Fact]
    public async Task EveryReplicaServesThem()
    {
        await using var world = new OperatorWorld();
        List<Uri> pages = [Start(world, "first"), Start(world, "second")];
        await world.ApplyAsync(Some.Trail());
        await world.HasConditionAsync("Accepted", "True", "Valid");

        using var client = new HttpClient();
        foreach (var page in pages)
        {
            await Eventually.HoldsAsync(
                $"{page} shows the condition",
                async () =>
                    (await ReadAsync(client, page)).Split('\n').Contains(
                        """clustertrail_trail_condition{status="True",trail="main",type="Accepted"} 1"""),
                Cancellation);
        }
    }

    static Uri Start(OperatorWorld world, string identity)
    {
        world.Listen = $"127.0.0.1:{FreePort.Next()}";
        world.StartOperator(identity);
        return new($"http://{world.Listen}/metrics");
    }

    static async Task<string> ReadAsync(HttpClient client, Uri page)
    {
        try
        {
            return await client.GetStringAsync(page, Cancellation);
        }
        catch (HttpRequestException)
        {
            return ""; // It does not listen yet.
        }
    }

    static IEnumerable<string> Series(Trail trail) =>
        TrailGauges.Conditions([trail]).Select(series =>
            $"{string.Join(' ', series.Tags.ToArray().Select(tag => tag.Value))} {series.Value}");
}
