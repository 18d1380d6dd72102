using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources;

/// <summary>Thousands of random sequences of writing, rotating, crashing and reading, against a model.</summary>
public sealed class LogFollowerModelTests
{
    const int Actions = 80;

    [Fact]
    public void EveryLineIsReadOnceWhateverIsRotatedWhen() => RunAll(3000, FollowerHazards.None);

    [Fact]
    public void WhatIsDeletedUnreadIsAGap() => RunAll(3000, FollowerHazards.Deletes);

    [Fact]
    public void WhatAPowerCutLeavesIsReadOnce() => RunAll(3000, FollowerHazards.PowerCuts);

    [Fact]
    public void BadFilesKeepNoOtherFromBeingRead() => RunAll(3000, FollowerHazards.BadFiles);

    static void RunAll(int sequences, FollowerHazards hazards) =>
        Parallel.For(RandomSequences.FirstSeed, RandomSequences.FirstSeed + RandomSequences.Of(sequences), seed =>
        {
            using var world = new FollowerWorld(new Random(seed), hazards);
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
                Assert.Fail($"seed {seed}: {e.Message}\n{world.Describe()}\n{e.StackTrace}");
            }
        });
}
