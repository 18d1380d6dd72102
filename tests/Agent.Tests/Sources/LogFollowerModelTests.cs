using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources;

/// <summary>Thousands of random sequences of writing, rotating, crashing and reading, against a model.</summary>
public sealed class LogFollowerModelTests
{
    const int Actions = 80;

    [Fact]
    public void EveryLineIsReadOnceWhateverIsRotatedWhen() => RunAll(2000, FollowerHazards.None);

    [Fact]
    public void WhatIsDeletedUnreadIsAGap() => RunAll(2000, FollowerHazards.Deletes);

    [Fact]
    public void WhatAPowerCutLeavesIsReadOnce() => RunAll(2000, FollowerHazards.PowerCuts);

    [Fact]
    public void BadFilesKeepNoOtherFromBeingRead() => RunAll(1000, FollowerHazards.BadFiles);

    [Fact]
    public void WhoeverCopiesWhatALineIsReadOnce() => RunAll(2000, FollowerHazards.Forks);

    [Fact]
    public void WhatIsWrittenIntoRotatedFilesIsReadOnce() => RunAll(1000, FollowerHazards.LateWriters);

    [Fact]
    public void WhateverHappensALineIsReadOnceOrAGapTellsOfIt() => RunAll(8000, FollowerHazards.All);

    static void RunAll(int sequences, FollowerHazards hazards) => RandomSequences.Run(sequences, seed =>
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
            throw new InvalidOperationException($"{e.Message}\n{world.Describe()}\n{e.StackTrace}", e);
        }
    });
}
