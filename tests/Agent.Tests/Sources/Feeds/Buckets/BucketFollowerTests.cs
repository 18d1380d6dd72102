using System.Text;
using ClusterTrail.Agent.Sources.Feeds;
using ClusterTrail.Agent.Sources.Feeds.Buckets;

namespace ClusterTrail.Agent.Tests.Sources.Feeds.Buckets;

public sealed class BucketFollowerTests : IDisposable
{
    readonly BucketWorld world = new();

    IEnumerable<string> Recorded => BucketWorld.Ids(world.Recorded);

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task ObjectsThatAreThereAndThatComeAreReadOnce()
    {
        world.Bucket.PageObjects = 2;
        for (var at = 0; at < 5; at++)
            world.Bucket.Put($"2026/{at}", BucketWorld.Events($"{at}"), TimeSpan.FromDays(1));
        await world.TurnAsync();

        world.Bucket.Put("2026/9", BucketWorld.Events("9"));
        await world.TurnAsync();
        await world.TurnAsync();

        Assert.Equal(["0", "1", "2", "3", "4", "9"], Recorded);
        Assert.Equal(6, world.Bucket.Opened);
    }

    [Fact]
    public async Task NamesThatSortBeforeAreFoundByTheNextPassAndCounted()
    {
        world.Bucket.Put("m", BucketWorld.Events("m"), TimeSpan.FromDays(1));
        await world.TurnAsync();

        world.Bucket.Put("a", BucketWorld.Events("a"), TimeSpan.FromMinutes(5));
        await world.TurnAsync();
        Assert.Equal(["m"], Recorded);
        world.Time.Advance(BucketWorld.Lateness);
        await world.TurnAsync();

        Assert.Equal(["m", "a"], Recorded);
        Assert.Equal((1, 0), world.Log.Passes);
    }

    [Fact]
    public async Task WhatAppearsLaterThanTheLatenessIsCounted()
    {
        world.Bucket.Put("m", BucketWorld.Events("m"), TimeSpan.FromDays(1));
        await world.TurnAsync();

        world.Bucket.Put("a", BucketWorld.Events("a"), TimeSpan.FromHours(5));
        world.Time.Advance(BucketWorld.Lateness);
        await world.TurnAsync();

        Assert.Equal(["m"], Recorded);
        Assert.Equal((0, 1), world.Log.Passes);
        world.Time.Advance(BucketWorld.Lateness);
        await world.TurnAsync();
        Assert.Equal((0, 1), world.Log.Passes);
    }

    [Fact]
    public async Task StartingNowLeavesOutWhatIsThere()
    {
        using var now = new BucketWorld { StartsNow = true };
        now.Bucket.Put("old", BucketWorld.Events("old"), TimeSpan.FromSeconds(5));
        await now.TurnAsync();
        now.Time.Advance(TimeSpan.FromSeconds(1));
        now.Bucket.Put("new", BucketWorld.Events("new"));
        now.Crash();
        await now.TurnAsync();
        now.Time.Advance(BucketWorld.Lateness * 3);
        await now.TurnAsync();

        Assert.Equal(["new"], BucketWorld.Ids(now.Recorded));
    }

    [Fact]
    public async Task OtherContentUnderTheSameNameIsReadToo()
    {
        world.Bucket.Put("a", BucketWorld.Events("1"));
        await world.TurnAsync();
        world.Bucket.Put("a", BucketWorld.Events("2"));
        await world.TurnAsync();

        Assert.Equal(["1", "2"], Recorded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnObjectThatCannotBeReadIsTriedAgainAndHoldsUpNoOther(bool isDamaged)
    {
        if (!isDamaged)
            world.Bucket.Failing["b"] = FeedFailure.Object;
        byte[] damaged = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 9, 9, 9, 9, 9];
        world.Bucket.Put("a", BucketWorld.Events("a"));
        world.Bucket.Put("b", isDamaged ? damaged : Encoding.UTF8.GetBytes(BucketWorld.Events("b")));
        world.Bucket.Put("c", BucketWorld.Events("c"));

        await world.TurnAsync();

        Assert.Equal(["a", "c"], Recorded);
        Assert.Equal((1, 0), (world.Log.NowFailing.Count, world.Log.NowFailing.Aside));
        Assert.StartsWith("b: ", world.Log.NowFailing.First);
        var opened = world.Bucket.Opened;
        await world.TurnAsync();
        Assert.Equal(opened, world.Bucket.Opened);

        for (var tries = 1; tries < BucketEntry.MostTries; tries++)
        {
            world.Time.Advance(TimeSpan.FromHours(1));
            await world.TurnAsync();
        }

        Assert.Equal((1, 1), (world.Log.NowFailing.Count, world.Log.NowFailing.Aside));
        world.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(BucketEntry.MostTries, world.Log.Failures.Count);
        await world.TurnAsync();
        Assert.Equal(BucketEntry.MostTries, world.Log.Failures.Count);

        world.Bucket.Failing.Clear();
        world.Time.Advance(TimeSpan.FromDays(1));
        await world.TurnAsync();
        if (!isDamaged)
            Assert.Equal(["a", "c", "b"], Recorded);
    }

    [Fact]
    public async Task WhatIsDeniedAtLargeIsAnOutageAndNoObjectIsPassedOver()
    {
        for (var at = 0; at < BucketLedger.MostRefused + 5; at++)
        {
            world.Bucket.Put($"{at:d5}", BucketWorld.Events($"{at:d5}"));
            world.Bucket.Failing[$"{at:d5}"] = FeedFailure.Object;
        }

        Assert.NotNull(await world.TryTurnAsync());
        world.Bucket.Failing.Clear();
        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.TurnAsync();

        Assert.Equal(BucketLedger.MostRefused + 5, Recorded.Distinct().Count());
        Assert.Equal(0, world.Log.NowFailing.Count);
    }

    [Fact]
    public async Task HoweverManyAreDamagedTheOthersAreRead()
    {
        for (var at = 0; at < BucketLedger.MostRefused + 5; at++)
        {
            world.Bucket.Put($"{at:d5}", BucketWorld.Events($"{at:d5}"));
            world.Bucket.Failing[$"{at:d5}"] = FeedFailure.Damaged;
        }

        world.Bucket.Put("good", BucketWorld.Events("good"));
        await world.TurnAsync();

        Assert.Equal(["good"], Recorded);
        Assert.Equal(BucketLedger.MostRefused + 5, world.Log.NowFailing.Count);
    }

    [Fact]
    public async Task AnObjectThatIsGoneIsReportedAndNotTriedAgain()
    {
        world.Bucket.Put("a", BucketWorld.Events("a"));
        world.Bucket.Failing["a"] = FeedFailure.Object;
        await world.TurnAsync();
        world.Bucket.Remove("a");
        world.Bucket.Failing.Clear();
        world.Time.Advance(TimeSpan.FromMinutes(1));
        await world.TurnAsync();

        Assert.Equal(["a"], world.Log.GoneObjects);
        Assert.Equal(0, world.Log.NowFailing.Count);
    }

    [Fact]
    public async Task AnObjectOfManyGroupsThatBreaksOffIsReadOnceAcrossCrashesAndLongAfter()
    {
        var ids = Enumerable.Range(0, 25_000).Select(at => $"{at}").ToList();
        world.Bucket.Put("large", BucketWorld.Events(ids));
        await world.TurnAsync();
        var whole = Recorded.ToList();
        Assert.Equal(ids, whole);

        using var second = new BucketWorld();
        second.Bucket.Put("large", BucketWorld.Events(ids));
        second.Bucket.BreaksAfter = 9 << 20;
        var before = second.ProgressNow();
        await second.TurnAsync();
        second.Commit();
        Assert.InRange(second.Recorded.Count, 1000, 24_000);
        second.Crash(before);
        second.Time.Advance(TimeSpan.FromDays(3));
        second.Bucket.BreaksAfter = null;
        await second.TurnAsync();

        Assert.Equal(ids, BucketWorld.Ids(second.Recorded));
    }

    [Fact]
    public async Task AQueueNamesNewObjectsAndAMessageIsDeletedWhenTheyAreRead()
    {
        var queue = new InMemoryQueue();
        using var queued = new BucketWorld { Queue = queue };
        await queued.TurnAsync();
        queued.Bucket.Put("2026/a b+c", BucketWorld.Events("a"));
        queued.Bucket.Put("bad", BucketWorld.Events("bad"));
        queued.Bucket.Failing["bad"] = FeedFailure.Object;
        queue.Send(Notification("2026/a+b%2Bc", queued.Bucket.TagOf("2026/a b+c")));
        queue.Send(Notification("bad", queued.Bucket.TagOf("bad")));
        queue.Send("{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"audit\"}");
        queue.Send("hello");

        await queued.TurnAsync();
        Assert.Equal(["a"], BucketWorld.Ids(queued.Recorded));
        Assert.Equal(1, queue.Left);
        Assert.Equal(1, queued.Log.Strange);

        queued.Bucket.Failing.Clear();
        queued.Time.Advance(TimeSpan.FromMinutes(1));
        await queued.TurnAsync();
        Assert.Equal(0, queue.Left);

        // Long after, when nothing is remembered of it by name.
        queued.Time.Advance(BucketWorld.Lateness * 4);
        await queued.TurnAsync();
        queued.Time.Advance(BucketWorld.Lateness * 4);
        await queued.TurnAsync();
        queue.Send(Notification("2026/a+b%2Bc", queued.Bucket.TagOf("2026/a b+c")));
        await queued.TurnAsync();
        Assert.Equal(0, queue.Left);
        Assert.Equal(["a", "bad"], BucketWorld.Ids(queued.Recorded));
    }

    static string Notification(string key, string tag) =>
        "{\"Records\":[{\"eventName\":\"ObjectCreated:Put\",\"s3\":{\"bucket\":{\"name\":\"audit\"},\"object\":"
        + $"{{\"key\":\"{key}\",\"eTag\":\"{tag}\"}}}}}}]}}";
}
