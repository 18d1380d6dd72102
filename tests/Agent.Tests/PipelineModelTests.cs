using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests;

/// <summary>Thousands of random sequences of writing, rotating, reading, delivering, failing and crashing, against a model.</summary>
public sealed class PipelineModelTests
{
    const int Actions = 100;

    static readonly int Sequences = RandomSequences.Of(2000);

    [Fact]
    public void EveryEventIsDeliveredOnceWhateverCrashesWhen() => Parallel.For(1, Sequences + 1, new ParallelOptions { MaxDegreeOfParallelism = 2 }, Run);

    static void Run(int seed)
    {
        using var world = new PipelineWorld(new Random(seed));
        try
        {
            for (var action = 0; action < Actions; action++)
            {
                world.Act();
            }

            world.Settle();
        }
        catch (Exception e)
        {
            Assert.Fail($"seed {seed}: {e.Message}\n{world.Describe()}");
        }
    }
}
