using System.Collections.Concurrent;
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

    static void RunAll(int sequences, FollowerHazards hazards)
    {
        var failures = new ConcurrentBag<(int Seed, string Message)>();
        Parallel.For(RandomSequences.FirstSeed, RandomSequences.FirstSeed + RandomSequences.Of(sequences), seed =>
        {
            if (Run(seed, hazards) is { } failure)
            {
                failures.Add((seed, failure));
            }
        });
        Assert.True(failures.IsEmpty, $"{failures.Count} of {sequences} failed: {Summary(failures)}");
    }

    // Of the shortest all that is known.
    static string Summary(IEnumerable<(int Seed, string Message)> failures)
    {
        var all = failures.OrderBy(failure => failure.Message.Length).ToList();
        var lines = all.Select(failure => $"seed {failure.Seed}: {failure.Message.Split('\n')[0]}").Take(20);
        return string.Join('\n', [.. lines, "", .. all.Take(1).Select(failure => failure.Message)]);
    }

    static string? Run(int seed, FollowerHazards hazards)
    {
        using var world = new FollowerWorld(new Random(seed), hazards);
        try
        {
            for (var action = 0; action < Actions; action++)
            {
                world.Act();
            }

            world.Settle();
            return null;
        }
        catch (Exception e)
        {
            return $"{e.Message}\n{world.Describe()}\n{e.StackTrace}";
        }
    }
}
