using ClusterTrail.Agent.Sources.Feeds;

namespace ClusterTrail.Agent.Tests.Sources.Feeds.Hubs;

public sealed class HubFollowerTests
{
    static HubWorld World(bool startsNow = false)
    {
        var world = new HubWorld { StartsNow = startsNow };
        world.Hub.AddPartition("0");
        world.Hub.AddPartition("1");
        return world;
    }

    [Fact]
    public async Task WhatEachPartitionHoldsIsRecordedInItsOrder()
    {
        using var world = World();
        world.Hub.MostAtOnce = 2;
        for (var at = 0; at < 7; at++)
            world.Hub.Send($"{at % 2}", HubWorld.Events($"{at}"));

        await world.TurnAsync();
        await world.TurnAsync();

        Assert.Equal(["0", "2", "4", "6"], world.Ids.Where(id => int.Parse(id) % 2 == 0));
        Assert.Equal(["1", "3", "5"], world.Ids.Where(id => int.Parse(id) % 2 == 1));
        Assert.Equal(7, world.Log.Counts.Events);
        Assert.Equal(2, world.Partitions);
    }

    [Fact]
    public async Task AfterACrashItGoesOnBehindWhatIsInTheJournal()
    {
        using var world = World();
        world.Hub.Send("0", HubWorld.Events("a"));
        await world.TurnAsync();
        var before = world.ProgressNow();
        world.Hub.Send("0", HubWorld.Events("b"));
        await world.TurnAsync();

        world.Crash(before);
        world.Hub.Send("0", HubWorld.Events("c"));
        await world.TurnAsync();

        Assert.Equal(["a", "b", "c"], world.Ids);
    }

    [Fact]
    public async Task StartingNowLeavesOutWhatWasThereAndNothingAfterwards()
    {
        using var world = World(startsNow: true);
        world.Hub.Send("0", HubWorld.Events("old"));
        await world.TurnAsync();
        world.Hub.Send("0", HubWorld.Events("new"));
        world.Hub.AddPartition("2");
        world.Hub.Send("2", HubWorld.Events("in a new partition"));

        world.Time.Advance(TimeSpan.FromMinutes(6));
        await world.TurnAsync();

        Assert.Equal(["in a new partition", "new"], world.Ids.Order());
    }

    [Fact]
    public async Task ANewPartitionIsReadAndOneThatVanishesIsReported()
    {
        using var world = World();
        await world.TurnAsync();
        world.Hub.AddPartition("2");
        world.Hub.Send("2", HubWorld.Events("a"));
        world.Hub.RemovePartition("1");

        Assert.NotNull(await world.TryTurnAsync());
        await world.TurnAsync();
        await world.TurnAsync();

        Assert.Equal(["a"], world.Ids);
        Assert.Equal(["partition 1"], world.Log.GoneObjects);
    }

    [Fact]
    public async Task WhatRetentionRemovedBeforeItWasReadIsCounted()
    {
        using var world = World();
        world.Hub.Send("0", HubWorld.Events("a"));
        await world.TurnAsync();
        world.Commit();
        world.Crash();
        for (var at = 0; at < 5; at++)
            world.Hub.Send("0", HubWorld.Events($"{at}"));
        world.Hub.Expire("0", 4);

        await world.TurnAsync();

        Assert.Equal(3, world.Log.ExpiredMessages);
        Assert.Equal(["a", "3", "4"], world.Ids);
        Assert.Equal(3, world.Progress!.Missed);
    }

    [Fact]
    public async Task WhatRetentionRemovedOfAnOpenPartitionIsCountedToo()
    {
        using var world = World();
        world.Hub.Send("0", HubWorld.Events("a"));
        await world.TurnAsync();
        world.Hub.Send("0", HubWorld.Events("b"));
        world.Hub.Send("0", HubWorld.Events("c"));
        world.Hub.Expire("0", 2);

        await world.TurnAsync();
        await world.TurnAsync();

        Assert.Equal((1, 1), (world.Log.ExpiredMessages, world.Progress!.Missed));
        Assert.Equal(["a", "c"], world.Ids);
    }

    [Fact]
    public async Task APartitionThatIsEmptyAfterALongTimeIsCountedOnce()
    {
        using var world = World();
        world.Hub.Send("0", HubWorld.Events("a"));
        await world.TurnAsync();
        world.Commit();
        world.Crash();
        world.Hub.Send("0", HubWorld.Events("b"));
        world.Hub.Expire("0", 2);

        await world.TurnAsync();
        world.Hub.Send("0", HubWorld.Events("c"));
        await world.TurnAsync();

        Assert.Equal((1, 1), (world.Log.ExpiredMessages, world.Progress!.Missed));
        Assert.Equal(["a", "c"], world.Ids);
    }

    [Fact]
    public async Task AHubThatIsMadeAnewIsReadFromItsBeginning()
    {
        using var world = World();
        for (var at = 0; at < 3; at++)
            world.Hub.Send("0", HubWorld.Events($"{at}"));
        await world.TurnAsync();
        world.Time.Advance(TimeSpan.FromSeconds(1));
        world.Hub.Replace();
        for (var at = 3; at < 7; at++)
            world.Hub.Send("0", HubWorld.Events($"{at}"));

        Assert.NotNull(await world.TryTurnAsync());
        await world.TurnAsync();

        Assert.Equal(["0", "1", "2", "3", "4", "5", "6"], world.Ids);
        Assert.Equal(["0", "1"], world.Log.ReplacedPartitions);
        Assert.Equal(0, world.Log.ExpiredMessages);
    }

    [Fact]
    public async Task WhoStartsLaterTakesTheHubAndTheOtherWaitsUntilItIsFree()
    {
        using var first = World();
        using var second = new HubWorld(first.Hub, first.Time);
        first.Hub.Send("0", HubWorld.Events("a"));
        await first.TurnAsync();

        await second.TurnAsync();
        Assert.Equal(FeedFailure.TakenOver, (await first.TryTurnAsync())!.Failure);
        var answers = first.Log.Answers;
        Assert.Equal(FeedFailure.TakenOver, (await first.TryTurnAsync())!.Failure);
        // Who waits gets nothing of the hub, whatever it says of itself.
        Assert.Equal(answers, first.Log.Answers);
        first.Hub.Send("0", HubWorld.Events("b"));
        await second.TurnAsync();
        Assert.Equal(["a", "b"], second.Ids);

        second.Crash();
        first.Hub.Send("0", HubWorld.Events("c"));
        await first.TurnAsync();
        Assert.Equal(["a", "b", "c"], first.Ids);
    }

    [Fact]
    public async Task OfTwoThatWaitOneKeepsTheHub()
    {
        using var first = World();
        using var second = new HubWorld(first.Hub, first.Time);
        using var third = new HubWorld(first.Hub, first.Time);
        await first.TurnAsync();
        await second.TurnAsync();
        await first.TryTurnAsync();
        await third.TurnAsync();
        await second.TryTurnAsync();

        third.Crash();
        var failures = new List<FeedException?>();
        for (var turns = 0; turns < 10; turns++)
            failures.AddRange([await first.TryTurnAsync(), await second.TryTurnAsync()]);

        // In the last turns nothing changes hands any more.
        Assert.Equal(5, failures[^10..].Count(failure => failure is null));
        Assert.True(failures[^2] is null != failures[^1] is null);
        Assert.Equal(failures[^2] is null, failures[^4] is null);
    }

    [Fact]
    public async Task AMessageThatIsSomethingElseIsRecordedAsItIs()
    {
        using var world = World();
        world.Hub.Send("0", "not json");
        world.Hub.Send("0", "");
        world.Hub.Send("0", HubWorld.Events("a"));

        await world.TurnAsync();

        Assert.Equal(2, world.Recorded.Count);
        Assert.Equal((1, 1), (world.Log.Counts.Unreadable, world.Log.Counts.Events));
    }
}
