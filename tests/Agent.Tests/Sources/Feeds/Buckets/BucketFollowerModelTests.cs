using ClusterTrail.Agent.Sources.Feeds;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Feeds.Buckets;

public sealed class BucketFollowerModelTests
{
    const int Actions = 80;

    [Fact]
    public void WhatAppearsInTimeIsRecordedOnceWhateverFailsWhen() => RandomSequences.Run(80, seed =>
    {
        var random = new Random(seed);
        using var world = new BucketWorld();
        world.Bucket.PageObjects = random.Next(1, 8);
        List<string> written = [];
        byte[]? older = null;
        for (var action = 0; action < Actions; action++)
        {
            switch (random.Next(12))
            {
                case < 4:
                    Write(world, random, written);
                    break;
                case < 7:
                    Turn(world);
                    break;
                case 7:
                    // The store fails at one of the next requests.
                    var left = random.Next(6);
                    world.Bucket.Before = () => _ = left-- == 0 ? throw new FeedException(FeedFailure.Store, "down") : 0;
                    Turn(world);
                    world.Bucket.Before = () => { };
                    break;
                case 8:
                    world.Commit();
                    break;
                case 9:
                    older = world.ProgressNow();
                    Turn(world);
                    world.Commit();
                    world.Crash(older);
                    break;
                case 10:
                    world.Crash();
                    break;
                default:
                    world.Bucket.Failing.Clear();
                    break;
            }

            world.Time.Advance(TimeSpan.FromSeconds(random.Next(random.Next(10) == 0 ? 3000 : 60)));
        }

        world.Bucket.Failing.Clear();
        for (var turns = 0; turns < 3; turns++)
        {
            world.Time.Advance(TimeSpan.FromDays(2));
            Turn(world);
        }

        Assert.Equal(written.Order(StringComparer.Ordinal), BucketWorld.Ids(world.Recorded).Order(StringComparer.Ordinal));
        Assert.Equal((0, 0), (world.Log.NowFailing.Count, (int)world.Log.Passes.Missed));
    });

    static void Turn(BucketWorld world) => world.TryTurnAsync().GetAwaiter().GetResult();

    static void Write(BucketWorld world, Random random, List<string> written)
    {
        var id = $"{written.Count:d4}";
        // Mostly in order of time, sometimes before others; and it may have taken a while to appear.
        var key = random.Next(3) == 0 ? $"{random.Next(100):d4}-{id}" : $"9{id}";
        world.Bucket.Put(key, BucketWorld.Events(id), random.Next(3) == 0 ? BucketWorld.Lateness * random.NextDouble() * 0.99 : default);
        if (random.Next(6) == 0)
            world.Bucket.Failing[key] = FeedFailure.Object;
        written.Add(id);
    }
}
