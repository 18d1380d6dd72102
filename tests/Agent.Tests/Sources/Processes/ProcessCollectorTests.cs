using ClusterTrail.Agent.Sources.Processes;
using ClusterTrail.Agent.Sources.Processes.Kernel;
using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Processes;

public sealed class ProcessCollectorTests : IDisposable
{
    const string OtherId = "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210";
    const string OtherUid = "00000000-0000-4000-8000-000000000000";

    readonly TemporaryFolder folder = new();
    readonly ManualTime time = new();
    readonly InMemoryProcessFeed feed = new();
    readonly InMemoryPodFolders pods = new InMemoryPodFolders()
        .WithPod("shop", "cart-0", SomeProcess.Uid, "app")
        .WithPod("other", "x", OtherUid, "y");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void AProcessIsDatedByTheWallClock()
    {
        using var collector = New();

        Collect(collector, new SomeProcess { Time = 5_000_000_000 });

        var one = Assert.Single(Events());
        // The machine started ten seconds ago.
        Assert.Equal(time.GetUtcNow().AddSeconds(-5).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", null), JournalLines.Text(one, "time"));
        Assert.Equal("cart-0", JournalLines.Text(one, "container.pod"));
    }

    [Fact]
    public void ProcessesOutsideContainersAreRecordedOnlyWhenAskedFor()
    {
        using (var collector = New())
        {
            Collect(collector, new SomeProcess { Cgroup = "/system.slice/sshd.service" });
        }

        Assert.Empty(Events());
        using (var collector = New(new() { IncludeHost = true }))
        {
            Collect(collector, new SomeProcess { Cgroup = "/system.slice/sshd.service" });
        }

        Assert.Null(JournalLines.Text(Assert.Single(Events()), "container.id"));
    }

    [Fact]
    public void OnlyTheNamespacesThatAskAreRecorded()
    {
        using var collector = New(new() { Namespaces = ["shop"] });

        Collect(
            collector, new SomeProcess(), new SomeProcess { Cgroup = $"/kubepods/pod{OtherUid}/{OtherId}" },
            new SomeProcess { Cgroup = $"/docker/{OtherId[1..]}0" });

        Assert.Equal("shop", JournalLines.Text(Assert.Single(Events()), "container.namespace"));
        Assert.Equal(new(1, 0, 0, Unattributed: 1), collector.Counts);
    }

    [Fact]
    public void AContainerThatStartsTooManyIsCutOffAndTheOthersAreNot()
    {
        using var collector = New(new() { EventsPerSecond = 1 });

        Collect(
            collector,
            [.. Enumerable.Repeat(new SomeProcess(), 25), new SomeProcess { Cgroup = $"/kubepods/pod{OtherUid}/{OtherId}" }]);
        time.Advance(TimeSpan.FromSeconds(11));
        collector.Turn();

        Assert.Equal(10 + 1, Events().Count());
        Assert.Equal(15, collector.Counts.RateLimited);
        var loss = Assert.Single(JournalLines.Losses(Lines()));
        Assert.Equal(("RateLimited", "15"), (JournalLines.Text(loss, "loss.reason"), JournalLines.Text(loss, "loss.count")));
        Assert.Equal("cart-0", JournalLines.Text(loss, "container.pod"));
    }

    [Fact]
    public void MoreControlGroupsOfAContainerShareItsLimit()
    {
        using var collector = New(new() { EventsPerSecond = 1 });

        Collect(collector, [.. Enumerable.Range(0, 25).Select(at => new SomeProcess { Cgroup = $"{SomeProcess.Container}/nested-{at}" })]);

        Assert.Equal(10, Events().Count());
    }

    [Fact]
    public void ControlGroupsWithoutEndKeepTheNames()
    {
        using var collector = New(new() { EventsPerSecond = 100_000 });

        Collect(
            collector,
            [.. Enumerable.Range(0, RunningContainers.Most + 100)
                .Select(at => new SomeProcess { Cgroup = $"{SomeProcess.Container}/n{at}" })]);

        Assert.All(Events(), one => Assert.Equal("cart-0", JournalLines.Text(one, "container.pod")));
        Assert.Equal(RunningContainers.Most + 100, Events().Count());
    }

    [Fact]
    public void WhatTheKernelLostIsDeclared()
    {
        using var collector = New();
        Collect(collector, new SomeProcess());
        time.Advance(TimeSpan.FromSeconds(1));

        feed.LostEvents = 42;
        collector.Turn();
        collector.Turn();

        var loss = Assert.Single(JournalLines.Losses(Lines()));
        Assert.Equal(("BufferFull", "42"), (JournalLines.Text(loss, "loss.reason"), JournalLines.Text(loss, "loss.count")));
        Assert.Equal(42, collector.Counts.Lost);
    }

    [Fact]
    public void WhatIsNoRecordCountsAsLost()
    {
        using var collector = New();

        feed.Add([1, 2, 3]);
        Collect(collector, new SomeProcess());

        Assert.Equal(new(1, Lost: 1, 0, 0), collector.Counts);
    }

    [Fact]
    public void WhileNoAgentRanIsDeclared()
    {
        using (var before = New())
        {
            Collect(before, new SomeProcess());
            before.Finish();
        }

        var stopped = time.GetUtcNow();
        time.Advance(TimeSpan.FromMinutes(5));
        using var collector = New();
        collector.Turn();

        var loss = Assert.Single(JournalLines.Losses(Lines()));
        Assert.Equal("NotRunning", JournalLines.Text(loss, "loss.reason"));
        Assert.Equal(stopped.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", null), JournalLines.Text(loss, "loss.since"));
        Assert.Null(JournalLines.Text(loss, "loss.count"));
    }

    [Fact]
    public void AJournalThatCannotBeWrittenLosesNothing()
    {
        var isHeld = false;
        using var collector = New(ensureHeld: () => _ = isHeld ? 0 : throw new IOException("The disk is full."));
        feed.Add(new SomeProcess().Record());

        Assert.Throws<IOException>(() => collector.Turn());
        Assert.Throws<IOException>(() => collector.Turn());
        isHeld = true;
        collector.Turn();

        Assert.Single(Events());
        Assert.Equal(1, collector.Counts.Journaled);
    }

    [Fact]
    public void ALongQueueIsTakenInSteps()
    {
        using var collector = New(new() { EventsPerSecond = 100_000 });
        for (uint at = 0; at < 5000; at++)
        {
            feed.Add(new SomeProcess { Pid = at }.Record());
        }

        Assert.True(collector.Turn());
        Assert.True(collector.Turn());
        Assert.False(collector.Turn());

        Assert.Equal(5000, Events().Count());
    }

    [Theory]
    [InlineData("/a/b/c")]
    [InlineData(SomeProcess.Container)]
    public void AControlGroupThatIsNestedTooDeepHidesNoProcess(string innermost)
    {
        using var collector = New(new() { Namespaces = ["other"] });

        Collect(collector, new SomeProcess { Cgroup = innermost, Flags = ProcessFlags.CgroupIncomplete });

        var container = Assert.Single(Events()).GetProperty("container");
        Assert.Equal("""{"unknown":true}""", container.GetRawText());
    }

    ProcessCollector New(ProcessesConfiguration? configuration = null, Action? ensureHeld = null) => new(
        feed, new(folder.Join("journal"), 64 << 20, time, ensureHeld ?? (() => { })), configuration ?? new(), pods, time,
        now => (now.ToUnixTimeMilliseconds() - 10_000) * 1_000_000);

    void Collect(ProcessCollector collector, params SomeProcess[] processes)
    {
        foreach (var one in processes)
        {
            feed.Add(one.Record());
        }

        while (collector.Turn())
        {
        }
    }

    List<System.Text.Json.JsonElement> Lines() => JournalLines.Read(folder.Join("journal"));

    IEnumerable<System.Text.Json.JsonElement> Events() => JournalLines.Events(Lines());
}
