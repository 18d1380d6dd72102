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
    public void WhateverHappensALineIsReadOnceOrAGapTellsOfIt() => RunAll(3000, FollowerHazards.All & ~FollowerHazards.Forks);

    [Fact]
    public void WhoeverCopiesWhatALineIsReadOnceOrAGapTellsOfIt() => RunAll(3000, FollowerHazards.All);

    static void RunAll(int sequences, FollowerHazards hazards) =>
        Parallel.For(int.Parse(Environment.GetEnvironmentVariable("CT_SEED") ?? "1"), Environment.GetEnvironmentVariable("CT_SEED") is {} q ? int.Parse(q)+1 : RandomSequences.FirstSeed + RandomSequences.Of(sequences), seed =>
        {
            using var world = new FollowerWorld(new Random(seed), hazards);
            try
            {
                for (var action = 0; action < Actions; action++)
                {
                    world.Act(); if (Environment.GetEnvironmentVariable("CT_SEED") is not null) world.Snap();
                }

                world.Settle();
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}: {e.Message}\n{world.Describe()}\n{e.StackTrace}");
            }
        });
}
