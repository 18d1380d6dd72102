using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Integrity;

/// <summary>Random sequences of sealing, spooling, delivering, crashing between any two writes, damaging files, setting the clock, rotating
/// keys and losing state: the archive always verifies.</summary>
public sealed class ChainModelTests
{
    const int Actions = 120;

    [Fact]
    public void AChainNeverForksAndNeverHasAHole() => RandomSequences.Run(200, Run);

    static void Run(int seed)
    {
        using var world = new ChainWorld();
        var random = new Random(seed);
        try
        {
            for (var action = 0; action < Actions; action++)
            {
                world.Act(random);
            }

            world.Settle();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{e.Message}\n{world.Trace}", e);
        }
    }
}
