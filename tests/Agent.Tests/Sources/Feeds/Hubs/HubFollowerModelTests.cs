using ClusterTrail.Agent.Sources.Feeds;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Feeds.Hubs;

public sealed class HubFollowerModelTests
{
    const int Actions = 100;

    [Fact]
    public void WhatTheHubHoldsIsRecordedOnceAndWhatItRemovesIsCountedWhateverFailsWhen() => RandomSequences.Run(80, seed =>
    {
        var random = new Random(seed);
        using var world = new HubWorld();
        using var other = new HubWorld(world.Hub, world.Time);
        var model = new Model(world, random);
        byte[]? older = null;
        for (var action = 0; action < Actions; action++)
        {
            switch (random.Next(14))
            {
                case < 5:
                    model.Send();
                    break;
                case < 8:
                    Turn(world);
                    break;
                case 8:
                    // The hub fails at one of the next requests.
                    var left = random.Next(8);
                    world.Hub.Before = () => _ = left-- == 0 ? throw new FeedException(FeedFailure.Store, "down") : 0;
                    Turn(world);
                    world.Hub.Before = () => { };
                    break;
                case 9:
                    world.Commit();
                    break;
                case 10:
                    older = world.ProgressNow();
                    Turn(world);
                    world.Commit();
                    world.Crash(older);
                    break;
                case 11:
                    world.Crash();
                    break;
                case 12:
                    // Another one takes it, and lets it go.
                    Turn(other);
                    Turn(world);
                    other.Crash();
                    break;
                default:
                    model.Expire();
                    break;
            }

            world.Time.Advance(TimeSpan.FromSeconds(random.Next(random.Next(10) == 0 ? 1000 : 5)));
        }

        for (var turns = 0; turns < 3; turns++)
            Turn(world);

        Assert.Null(world.TryTurnAsync().GetAwaiter().GetResult());
        Assert.Equal(model.Expected, world.Ids.Order(StringComparer.Ordinal));
        Assert.True(world.Progress!.Missed > 0 || !model.HasMissed);
    });

    static void Turn(HubWorld world) => world.TryTurnAsync().GetAwaiter().GetResult();

    /// <summary>What was sent, and what of it must have been recorded.</summary>
    sealed class Model
    {
        readonly HubWorld world;
        readonly Random random;
        readonly int partitions;
        readonly List<string> sent = [];
        readonly HashSet<string> expired = [];

        public Model(HubWorld world, Random random)
        {
            (this.world, this.random, partitions) = (world, random, random.Next(1, 4));
            world.Hub.MostAtOnce = random.Next(1, 6);
            for (var at = 0; at < partitions; at++)
                world.Hub.AddPartition($"{at}");
        }

        public IEnumerable<string> Expected => sent.Where(id => !expired.Contains(id)).Order(StringComparer.Ordinal);

        public bool HasMissed { get; private set; }

        public void Send()
        {
            var partition = random.Next(partitions);
            // A message may have several events, or none.
            var number = world.Hub.Next($"{partition}");
            List<string> ids = [.. Enumerable.Range(0, random.Next(4)).Select(at => $"{partition}-{number:d4}-{at}")];
            world.Hub.Send($"{partition}", HubWorld.Events(ids));
            sent.AddRange(ids);
        }

        // What is recorded already stays so; all else of what is removed is missed.
        public void Expire()
        {
            var partition = $"{random.Next(partitions)}";
            var held = world.Hub.Held(partition);
            if (held.Count == 0 || random.Next(3) > 0)
                return;
            var recorded = world.Ids.ToHashSet();
            var before = held[random.Next(held.Count)] + random.Next(2);
            world.Hub.Expire(partition, before);
            // Of what was removed before the first look nothing can be known.
            var lost = sent.Where(id =>
                id.Split('-') is [var of, var number, _] && of == partition && long.Parse(number) < before && !recorded.Contains(id)
                && !expired.Contains(id)).ToList();
            HasMissed |= lost.Count > 0 && world.Progress?.Partitions.Count > 0;
            expired.UnionWith(lost);
        }
    }
}
