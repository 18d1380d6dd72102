using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources;

/// <summary>Thousands of random sequences of writing, rotating, crashing and reading, against a model.</summary>
public sealed class LogFollowerModelTests
{
    const int Actions = 80;

    static readonly int Sequences = RandomSequences.Of(4000);

    [Fact]
    public void EveryLineIsReadOnceWhateverIsRotatedWhen() => RunAll(deletes: false);

    [Fact]
    public void WhatStillExistsIsReadOnceWhateverIsDeletedWhen() => RunAll(deletes: true);

    static void RunAll(bool deletes)
    {
        for (var seed = 1; seed <= Sequences; seed++)
        {
            using var world = new FollowerWorld(new Random(seed), deletes);
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
}
