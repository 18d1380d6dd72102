using ClusterTrail.Testing;

namespace ClusterTrail.Kubernetes.Tests.Control;

/// <summary>Random sequences of what happens to replicas: never do two of them work at a time, and in the end one works.</summary>
public sealed class LeaderLeaseModelTests
{
    static readonly TimeSpan Tick = TimeSpan.FromSeconds(0.25);
    // Less than what a lease outlasts its renewal deadline by.
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void NeverTwoAtATime(int part)
    {
        for (var seed = part * 1000; seed < part * 1000 + 60; seed++)
            new World(seed).Live(actions: 150);
    }

    sealed class World
    {
        readonly int seed;
        readonly Random random;
        readonly Pump pump = new();
        readonly Contender[] contenders;

        public World(int seed)
        {
            (this.seed, random) = (seed, new(seed));
            var cluster = new InMemoryCluster();
            contenders =
            [
                .. Enumerable.Range(0, 3).Select(index =>
                    new Contender(cluster, new("default", "leader"), $"c{index}", TimeSpan.FromMinutes(random.Next(-600, 600)))),
            ];
        }

        public void Live(int actions)
        {
            for (var action = 0; action < actions; action++)
            {
                Act(contenders[random.Next(contenders.Length)]);
                Pass();
            }

            foreach (var contender in contenders)
            {
                (contender.IsPaused, contender.Network) = (false, () => Fate.Fine);
                if (!contender.IsRunning)
                    pump.Run(contender.Start);
            }

            for (var ticks = 0; ticks < 200; ticks++)
                Pass();
            Assert.True(contenders.Count(contender => contender.IsWorking) == 1, $"Seed {seed}: nobody works in the end.");
        }

        void Act(Contender one)
        {
            switch (random.Next(8))
            {
                case 0 when one.IsRunning && !one.IsPaused:
                    pump.Run(one.Stop);
                    break;
                case 1 or 2 when !one.IsRunning:
                    pump.Run(one.Start);
                    break;
                case 3:
                    one.IsPaused = true;
                    break;
                case 4:
                    var (fate, share) = ((Fate)random.Next(5), random.NextDouble());
                    one.Network = () => random.NextDouble() < share ? fate : Fate.Fine;
                    break;
                case 5:
                    one.Network = () => Fate.Fine;
                    break;
                default:
                    for (var ticks = random.Next(20); ticks > 0; ticks--)
                        Pass();
                    break;
            }
        }

        void Pass()
        {
            foreach (var one in contenders)
            {
                if (one.Missed + Tick > LongestPause)
                    one.IsPaused = false;
                pump.Run(() => one.Advance(Tick));
                var working = contenders.Where(contender => contender.IsWorking).Select(contender => contender.Name).ToList();
                Assert.True(working.Count <= 1, $"Seed {seed}: {string.Join(" and ", working)} work at the same time.");
            }
        }
    }
}
