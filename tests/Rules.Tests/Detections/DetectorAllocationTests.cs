using ClusterTrail.Contract.Detections;
using ClusterTrail.Rules.Detections;
using ClusterTrail.Rules.Events;
using ClusterTrail.Testing;

namespace ClusterTrail.Rules.Tests.Detections;

/// <summary>Alone: who uses a regular expression that another thread uses too needs a second runner of it.</summary>
[Collection(nameof(Alone))]
public sealed class DetectorAllocationTests
{
    [Fact]
    public void AnEventThatFiresNothingAllocatesNothing()
    {
        // A second pass goes on with the bursts of the first, and meets ends of requests whose beginnings it left out.
        var packs = new DetectionsFile { Packs = [.. Packs.All.Select(pack => pack.Name)] }.Effective();
        var burst = Detecting.Rule(new() { Users = ["nobody"] }) with
        {
            Threshold = new() { Count = 2, WindowSeconds = 60, By = ["user.username"] },
        };
        var detector = new Detector(new([.. packs.Where(rule => rule.Threshold is null), burst]));
        var index = new JsonIndex();
        var silent = RealLog.Lines.Where(line => !Fires(detector, index, line)).ToList();
        silent = [.. silent.Where(line => !Fires(detector, index, line))];
        var before = GC.GetAllocatedBytesForCurrentThread();

        foreach (var line in silent)
            Fires(detector, index, line);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.InRange(silent.Count, RealLog.Lines.Count / 2, RealLog.Lines.Count);
    }

    [Fact]
    public void ABurstInTheMakingAllocatesNothing()
    {
        var burst = Detecting.Rule() with
        {
            Threshold = new() { Count = 10_000, WindowSeconds = 1, By = ["user.username", "objectRef.name"] },
        };
        var detector = new Detector(new([burst]));
        var (index, lines) = (new JsonIndex(), RealLog.Lines.ToList());
        foreach (var line in lines)
            Fires(detector, index, line);
        var before = GC.GetAllocatedBytesForCurrentThread();

        foreach (var line in lines)
            Fires(detector, index, line);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    static bool Fires(Detector detector, JsonIndex index, byte[] line) =>
        AuditEvent.TryParse(line, index, out var audit, out _) && detector.Detect(audit, new(new(1, 2), 0));
}

[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
