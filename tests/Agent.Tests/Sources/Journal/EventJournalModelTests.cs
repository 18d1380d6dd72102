using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Journal;

public sealed class EventJournalModelTests
{
    const int Actions = 60;

    [Fact]
    public void WhatIsConfirmedIsReadOnceWhateverCrashesWhen() => Run(50, 64 << 20);

    [Fact]
    public void AFullJournalRefusesAndLosesNothing()
    {
        var full = 0;
        RandomSequences.Run(15, seed =>
        {
            using var world = new JournalWorld(new Random(seed), 2 << 20);
            for (var action = 0; action < Actions * 3; action++)
                world.Act();
            world.Settle();
            Interlocked.Add(ref full, world.Full);
        });
        Assert.True(full > 0 || RandomSequences.IsFast, "No journal was ever full.");
    }

    static void Run(int sequences, long maxBytes) => RandomSequences.Run(sequences, seed =>
    {
        using var world = new JournalWorld(new Random(seed), maxBytes);
        for (var action = 0; action < Actions; action++)
            world.Act();
        world.Settle();
    });
}
