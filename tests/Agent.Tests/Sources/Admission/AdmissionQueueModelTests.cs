using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Admission;

public sealed class AdmissionQueueModelTests
{
    /// <summary>
    /// Whatever is offered, repeated, written, killed or full: what is accepted is read once, or is counted and declared as lost, exactly.
    /// </summary>
    [Fact]
    public void WhatIsAcceptedIsReadOnceOrCountedAsLost() => RandomSequences.Run(25, seed =>
    {
        var random = new Random(seed);
        using var world = new QueueWorld(random);
        for (var actions = 0; actions < 60; actions++)
            world.Act();
        world.Settle();
    });
}
