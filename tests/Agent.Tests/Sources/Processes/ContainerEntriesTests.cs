using ClusterTrail.Agent.Sources.Processes;
using ClusterTrail.Agent.Sources.Processes.Kernel;
using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Processes;

public sealed class ContainerEntriesTests : IDisposable
{
    const string Runtime = "/system.slice/containerd.service";
    const uint Node = 1;
    const uint Own = 2;

    const string OtherId = "1111111111111111111111111111111111111111111111111111111111111111";
    const string OtherUid = "11111111-2c3d-4e5f-8a9b-0c1d2e3f4a5b";
    const string Other = $"/kubepods/burstable/pod{SomeProcess.Uid}/{OtherId}";

    static readonly SomeProcess FromNode = new() { Cgroup = "/user.slice", Mounts = (Own, Node) };

    static readonly SomeProcess FromRuntime = new() { ParentCgroup = Runtime, Mounts = (Own, Node) };

    readonly TemporaryFolder folder = new();
    readonly ManualTime time = new();
    readonly InMemoryProcessFeed feed = new();
    readonly InMemoryPodFolders pods = new InMemoryPodFolders().WithPod("shop", "cart-0", SomeProcess.Uid, "app");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TheFirstStartsTheContainerAndTheNextEnterIt() =>
        Assert.Equal(["Started", "Entered", "Entered"], Entries(FromRuntime, FromRuntime with { Pid = 2 }, FromRuntime with { Pid = 3 }));

    [Fact]
    public void ChildrenDoNotEnter() => Assert.Equal(
        ["Started", "-", "-"],
        Entries(FromRuntime, new() { Mounts = (Own, Own) }, new() { Mounts = (3, Own) }));

    [Fact]
    public void WhoEnteredAndExecutesSomethingElseIsWhereItWas() => Assert.Equal(
        ["Started", "-", "Entered", "-"],
        Entries(FromRuntime, FromRuntime, FromRuntime with { Pid = 2 }, FromRuntime with { Pid = 2 }));

    [Fact]
    public void WhoBeganBeforeTheAgentDoesNotEnterNow() => Assert.Equal(["-"], Entries(FromRuntime with { Started = 1 }));

    [Fact]
    public void ANestedControlGroupIsTheSameContainer() => Assert.Equal(
        ["Started", "-"],
        Entries(FromRuntime, FromRuntime with { Cgroup = SomeProcess.Container + "/init.scope", ParentCgroup = SomeProcess.Container }));

    [Fact]
    public void TheHelperOfARuntimeHasNotEnteredYet() => Assert.Equal(
        ["-", "Started", "-", "Entered"],
        Entries(
            FromRuntime with { Mounts = (Node, Node) }, FromRuntime, FromRuntime with { Mounts = (Node, Node) },
            FromRuntime with { Pid = 2 }));

    [Fact]
    public void WhereMountNamespacesAreUnknownTheControlGroupCounts() => Assert.Equal(
        ["Started", "Entered"], Entries(FromRuntime with { Mounts = default }, FromRuntime with { Pid = 2, Mounts = default }));

    [Fact]
    public void AContainerThatRanBeforeTheAgentDoesNotStart()
    {
        pods.WithLink("cart-0", "shop", "app", SomeProcess.Id);

        Assert.Equal(["Entered"], Entries(FromRuntime));
    }

    [Fact]
    public void AContainerThatRunsIsNotForgottenHoweverManyStart()
    {
        pods.WithLink("cart-0", "shop", "app", SomeProcess.Id);
        var entries = NewEntries();

        Assert.All(Enumerable.Range(1, ContainerEntries.MostRemembered + 10), at => Assert.Equal(ProcessEntry.Started, Enter(entries, at)));

        Assert.Equal(ProcessEntry.Entered, Enter(entries, FromRuntime with { Pid = 1_000_000 }));
        Assert.Equal(ProcessEntry.Entered, Enter(entries, ContainerEntries.MostRemembered, pid: 1_000_001));
    }

    [Fact]
    public void WithoutRoomAStartPassesForAnEntryAndNoEntryForAStart()
    {
        var entries = NewEntries();
        for (var at = 0; at < ContainerEntries.MostRemembered; at++)
        {
            Enter(entries, at);
        }

        Assert.Equal(ProcessEntry.Entered, Enter(entries, 1_000_000));
        Assert.Equal(ProcessEntry.Entered, Enter(entries, 0, pid: 2_000_000));
    }

    [Fact]
    public void WhoEntersTheNamespacesOnlyIsOfTheContainer()
    {
        var nsenter = new SomeProcess { Cgroup = "/user.slice", Mounts = (Own, Node) };

        var events = Collect(FromRuntime, nsenter with { Pid = 2 }, nsenter with { Pid = 3, Mounts = (Own, Own) });

        Assert.Equal(["Started", "EnteredNamespaces", "-"], events.Select(one => JournalLines.Text(one, "process.entry") ?? "-"));
        Assert.All(events, one => Assert.Equal("cart-0", JournalLines.Text(one, "container.pod")));
    }

    [Fact]
    public void WhatRunsOnTheNodeIsOfNoContainer()
    {
        var onNode = new SomeProcess { Cgroup = "/user.slice", Mounts = (Node, Node) };

        // A process of the container that has the node's mounts does not make the node's processes those of the container.
        var events = Collect(onNode, FromRuntime, new() { Mounts = (Node, Node) }, onNode, onNode with { Mounts = (Node, 7) });

        Assert.Equal(2, events.Count);
    }

    [Fact]
    public void AFloodDoesNotHideWhoEnters()
    {
        var events = Collect(
            new() { EventsPerSecond = 1 }, [.. Enumerable.Repeat(new SomeProcess { Mounts = (Own, Own) }, 100), FromRuntime]);

        Assert.Equal("Started", JournalLines.Text(events[^1], "process.entry"));
    }

    [Fact]
    public void WhoMakesMountNamespacesWithoutEndHidesNobodyWhoEnters()
    {
        var entries = NewEntries();
        Enter(entries, FromRuntime);
        Enter(entries, FromRuntime with { Pid = 9, Cgroup = Other, Mounts = (50, Node) });
        for (ulong at = 0; at < MountNamespaces.Most; at++)
        {
            Enter(entries, new SomeProcess { Pid = 9, Cgroup = Other, Mounts = (1000 + at, 50) });
        }

        // Its neighbour's namespace is known, its own first one, and its newest.
        Assert.Equal(ProcessEntry.EnteredNamespaces, Enter(entries, FromNode with { Pid = 5 }));
        Assert.Equal(ProcessEntry.EnteredNamespaces, Enter(entries, FromNode with { Pid = 6, Mounts = (50, Node) }));
        Assert.Equal(ProcessEntry.EnteredNamespaces, Enter(entries, FromNode with { Pid = 7, Mounts = (999 + MountNamespaces.Most, Node) }));
        Assert.Equal(ProcessEntry.None, Enter(entries, FromNode with { Pid = 8, Mounts = (1000, Node) }));
    }

    [Fact]
    public void ManyContainersHideNobodyWhoEntersOneThatRuns()
    {
        pods.WithLink("cart-0", "shop", "app", SomeProcess.Id);
        var entries = NewEntries();
        Enter(entries, new SomeProcess { Mounts = (Own, Own) });
        for (var at = 1; at < MountNamespaces.Most + 10; at++)
        {
            Enter(entries, FromRuntime with
            {
                Pid = (uint)at,
                Cgroup = $"/kubepods/pod{SomeProcess.Uid}/{at:x64}",
                Mounts = (1000 + (ulong)at, Node),
            });
        }

        Assert.Equal(ProcessEntry.EnteredNamespaces, Enter(entries, FromNode with { Pid = 1_000_000 }));
    }

    [Fact]
    public void WhoEntersAContainerThatRanBeforeTheAgentIsSeenOnceItsMountsAreKnown()
    {
        pods.WithLink("cart-0", "shop", "app", SomeProcess.Id);
        var entries = NewEntries();
        Enter(entries, FromNode with { Pid = 5 });
        Enter(entries, FromNode with { Pid = 6, Mounts = (Own, Own) });
        // Now the container executes something of its own.
        Enter(entries, new SomeProcess { Pid = 7, Mounts = (Own, Own) });

        Assert.Equal(ProcessEntry.EnteredNamespaces, Enter(entries, FromNode with { Pid = 8 }));
    }

    [Fact]
    public void AServiceOfTheNodeWithMountsOfItsOwnIsOfNoContainer()
    {
        var entries = NewEntries();
        Enter(entries, FromRuntime);
        Enter(entries, FromNode with { Pid = 5, Mounts = (77, Node) });

        Assert.Equal(ProcessEntry.None, Enter(entries, FromNode with { Pid = 6, Mounts = (77, 77) }));
        Assert.Null(ContainerOf(entries, FromNode with { Pid = 7, Mounts = (77, 77) }));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhoEntersAnotherContainersMountsDoesNotTakeThemOver(bool isStarted)
    {
        var entries = NewEntries();
        Enter(entries, new SomeProcess { Pid = 4, Cgroup = Other, Mounts = (Own, 50) });
        Enter(entries, new SomeProcess { Pid = 5, Cgroup = Other, Mounts = (Own, Own) });
        Enter(entries, isStarted ? FromRuntime : new SomeProcess { Mounts = (Own, Own) });

        Assert.Equal(SomeProcess.Id, ContainerOf(entries, FromNode with { Pid = 6 }));
    }

    [Fact]
    public void WhatARuntimeHasIsTheNodesWhoeverWasSeenInItBefore()
    {
        var entries = NewEntries();
        // A privileged container is in the node's mounts before anything of the node was seen.
        Enter(entries, new SomeProcess { Pid = 4, Cgroup = Other, Mounts = (Node, Node) });
        Enter(entries, FromRuntime);

        Assert.Null(ContainerOf(entries, FromNode with { Pid = 6, Mounts = (Node, Node) }));
    }

    [Fact]
    public void WhoEntersFromAnotherContainerIsSeen()
    {
        var entries = NewEntries();
        Enter(entries, FromRuntime);
        Enter(entries, FromRuntime with { Pid = 2, Cgroup = Other, Mounts = (50, Node) });
        var nsenter = new SomeProcess { Pid = 5, Cgroup = Other, Mounts = (Own, 50) };

        Assert.Equal(SomeProcess.Id, ContainerOf(entries, nsenter));
        Assert.Equal(ProcessEntry.EnteredNamespaces, Enter(entries, nsenter with { Pid = 6 }));
        Assert.Equal(ProcessEntry.None, Enter(entries, nsenter with { Pid = 7, Mounts = (Own, Own) }));
    }

    [Fact]
    public void WhoEntersFromAContainerThatIsRecordedIsRecordedThoughNobodyAsksForTheOther()
    {
        var entries = new ContainerEntries(
            new(new() { Namespaces = ["ops"] }, new(pods.WithPod("ops", "debug-0", OtherUid, "debug"), time), time),
            () => PodFolders.Running(pods), since: 1);
        Enter(entries, FromRuntime);

        Assert.Equal(OtherId, ContainerOf(entries, new SomeProcess { Pid = 5, Cgroup = $"/kubepods/pod{OtherUid}/{OtherId}", Mounts = (Own, 50) }));
    }

    static string? ContainerOf(ContainerEntries entries, SomeProcess process)
    {
        Assert.True(ProcessRecord.TryRead(process.Record(), out var record));
        entries.Find(record, out var container);
        return container.Container?.Id;
    }

    ContainerEntries NewEntries() => new(new(new(), new(pods, time), time), () => PodFolders.Running(pods), since: 1);

    static ProcessEntry Enter(ContainerEntries entries, int container, int? pid = null) => Enter(
        entries, FromRuntime with { Pid = (uint)(pid ?? container + 1), Cgroup = $"/kubepods/pod{SomeProcess.Uid}/{container:x64}" });

    static ProcessEntry Enter(ContainerEntries entries, SomeProcess process)
    {
        Assert.True(ProcessRecord.TryRead(process.Record(), out var record));
        return entries.Find(record, out _);
    }

    string[] Entries(params SomeProcess[] processes) =>
        [.. Collect(processes).Select(one => JournalLines.Text(one, "process.entry") ?? "-")];

    List<System.Text.Json.JsonElement> Collect(params SomeProcess[] processes) => Collect(new(), processes);

    List<System.Text.Json.JsonElement> Collect(ProcessesConfiguration configuration, SomeProcess[] processes)
    {
        using var collector = new ProcessCollector(
            feed, new(folder.Path, 1 << 20, time, () => { }), configuration, pods, time,
            now => ((now - DateTimeOffset.UnixEpoch).Ticks * 100) - 3_000_000_000);
        foreach (var process in processes)
        {
            feed.Add(process.Record());
        }

        collector.Turn();
        return [.. JournalLines.Events(JournalLines.Read(folder.Path))];
    }
}
