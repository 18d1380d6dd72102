namespace ClusterTrail.Agent.Tests.Sources.Feeds.Hubs;

public sealed class FollowedPartitionTests
{
    static HubWorld World()
    {
        var world = new HubWorld();
        world.Hub.AddPartition("0");
        return world;
    }

    [Fact]
    public async Task AMessageThatTheClientLostIsNotTakenForOneThatTheHubRemoved()
    {
        using var world = World();
        world.Hub.MostAtOnce = 1;
        world.Hub.Send("0", HubWorld.Events("a"));
        await world.TurnAsync();
        world.Hub.Send("0", HubWorld.Events("b"));
        world.Hub.Send("0", HubWorld.Events("c"));
        world.Hub.Skips = 1;

        await world.TurnAsync();
        await world.TurnAsync();

        Assert.Equal(["a", "b", "c"], world.Ids);
        Assert.Equal(0, world.Log.ExpiredMessages);
    }

    [Fact]
    public async Task LargeMessagesAreAskedForOneByOne()
    {
        using var world = World();
        for (var at = 0; at < 12; at++)
            world.Hub.Send("0", HubWorld.Events(Enumerable.Range(0, 5000).Select(one => $"{at}-{one}")));
        List<int> asked = [];
        world.Hub.Asked = asked.Add;

        await world.TurnAsync();

        Assert.Equal(60_000, world.Log.Counts.Events);
        Assert.Equal(4, asked[0]);
        Assert.All(asked[1..^2], most => Assert.InRange(most, 1, 4));
    }
}
