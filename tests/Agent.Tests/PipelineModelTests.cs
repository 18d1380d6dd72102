using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests;

/// <summary>Random sequences of writing, rotating, reading, delivering, failing and crashing, against a model, half of
/// them with each codec.</summary>
public sealed class PipelineModelTests
{
    const int Actions = 100;

    [Fact]
    public void EveryEventIsDeliveredOnceWhateverCrashesWhen() => RandomSequences.Run(800, seed => Run(seed, holds: false));

    [Fact]
    public void NoneIsLostOrDoubledWhenTheSourceHoldsLinesBack() => RandomSequences.Run(200, seed => Run(seed, holds: true));

    static void Run(int seed, bool holds)
    {
        using var world = new PipelineWorld(new Random(seed), seed % 2 == 0 ? CompressionType.Zstd : CompressionType.Gzip, holds);
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
            throw new InvalidOperationException($"{e.Message}\n{world.Describe()}", e);
        }
    }
}
