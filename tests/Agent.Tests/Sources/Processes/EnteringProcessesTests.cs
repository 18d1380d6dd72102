using System.Diagnostics;
using ClusterTrail.Agent.Sources.Processes;
using ClusterTrail.Agent.Sources.Processes.Kernel;
using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Processes;

/// <summary>Real processes that enter a control group like a container's, as container runtimes and nsenter do it.</summary>
[Collection(KernelProgram.Collection)]
public sealed class EnteringProcessesTests : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    readonly TemporaryFolder folder = new();
    readonly ContainerCgroup cgroup = KernelProgram.CgroupOrSkip();

    public void Dispose()
    {
        cgroup.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void TheKernelProgramSeesWhoEnters()
    {
        Watch(KernelProgram.LoadOrSkip());

        Assert.Equal(
            [
                "Started sh -c sleep 0.7; sleep 60", "None sleep 0.7", "None sleep 60",
                "Entered sh -c sleep 0.5; exit 0", "None sleep 0.5",
                "EnteredNamespaces sleep 0.6",
            ],
            Seen().Where(one => !one.Contains("unshare", StringComparison.Ordinal)));
        Assert.All(Events(), one => Assert.Equal("cart-0", JournalLines.Text(one, "container.pod")));
    }

    [Fact]
    public void TheConnectorSeesThatSomebodyEnters()
    {
        Watch(KernelProgram.ConnectOrSkip());

        // What it reads of a process that executes one program after the other may be of the next one.
        Assert.Equal(
            ["Entered", "EnteredNamespaces", "Started"],
            Seen().Select(one => one.Split(' ')[0]).Where(entry => entry != "None").Order(StringComparer.Ordinal));
        Assert.All(Events(), one => Assert.Equal("cart-0", JournalLines.Text(one, "container.pod")));
    }

    void Watch(IProcessFeed feed)
    {
        var pods = new InMemoryPodFolders().WithPod("shop", "cart-0", cgroup.PodUid, "app");
        using var collector = new ProcessCollector(
            feed, new(folder.Path, 1 << 20, TimeProvider.System, () => { }), new ProcessesConfiguration(), pods, TimeProvider.System,
            BootClock.StartedAt);

        using var first = cgroup.Start("exec unshare -m sh -c 'sleep 0.7; sleep 60'");
        Await(collector, "None sleep 60");
        using var second = cgroup.Start("exec unshare -m sh -c 'sleep 0.5; exit 0'");
        second.WaitForExit();
        UnshareOnNode(times: 50);
        using var other = Process.Start("nsenter", ["-t", $"{first.Id}", "-m", "sleep", "0.6"]);
        other.WaitForExit();
        Await(collector, "EnteredNamespaces");
        first.Kill(entireProcessTree: true);
        first.WaitForExit();
    }

    // The kernel gives the number of the mount namespace that has just ended to another one, which is not the container's.
    static void UnshareOnNode(int times)
    {
        for (; times > 0; times--)
        {
            using var unrelated = Process.Start("unshare", ["-m", "true"]);
            unrelated.WaitForExit();
        }
    }

    void Await(ProcessCollector collector, string process)
    {
        var clock = Stopwatch.StartNew();
        while (!Seen().Any(one => one.StartsWith(process, StringComparison.Ordinal)))
        {
            Assert.True(clock.Elapsed < Patience, $"No \"{process}\" among {string.Join(", ", Seen())}.");
            collector.Wait(TimeSpan.FromMilliseconds(20));
            collector.Turn();
        }
    }

    IEnumerable<string> Seen() => Events().Select(one =>
        $"{JournalLines.Text(one, "process.entry") ?? "None"} {string.Join(' ', JournalLines.Arguments(one))}");

    IEnumerable<System.Text.Json.JsonElement> Events() => JournalLines.Events(JournalLines.Read(folder.Path))
        .Where(line => JournalLines.Text(line, "container.id") == cgroup.Id);
}
