using System.Diagnostics;
using System.Globalization;
using ClusterTrail.Agent.Sources.Processes;
using ClusterTrail.Agent.Sources.Processes.Kernel;
using ClusterTrail.Contract;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Processes;

/// <summary>Real processes in a control group like a container's, recorded by the real kernel program.</summary>
[Collection(KernelProgram.Collection)]
public class ShortLivedProcessesTests
{
    const int Processes = 1000;

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    static readonly string Loop = $"i=0; while [ $i -lt {Processes} ]; do /bin/true \"number $i\"; i=$((i+1)); done";

    [Fact]
    public void AThousandProcessesOfAMillisecondAreThereWithArgumentsPodAndParent()
    {
        using var folder = new TemporaryFolder();
        using var cgroup = KernelProgram.CgroupOrSkip();
        var pods = new InMemoryPodFolders().WithPod("shop", "cart-0", cgroup.PodUid, "app");
        using var collector = NewCollector(folder.Path, pods, KernelProgram.LoadOrSkip());

        var clock = Stopwatch.StartNew();
        using var shell = cgroup.Start(Loop);
        Collect(collector, shell);
        var took = clock.Elapsed;

        var lines = JournalLines.Read(folder.Path);
        // The whole machine is watched; other tests run programs too.
        var events = JournalLines.Events(lines).Where(line => JournalLines.Text(line, "container.id") == cgroup.Id).ToList();
        TestContext.Current.SendDiagnosticMessage($"{events.Count} of {Processes} processes in {took.TotalSeconds:0.00} s.");
        Assert.Equal(Processes, events.Count + collector.Counts.Lost);
        Assert.Equal(0, collector.Counts.RateLimited);
        Assert.All(events, line =>
        {
            Assert.Equal("cart-0", JournalLines.Text(line, "container.pod"));
            Assert.Equal("shop", JournalLines.Text(line, "container.namespace"));
            Assert.Equal("app", JournalLines.Text(line, "container.name"));
            Assert.Equal(cgroup.Id, JournalLines.Text(line, "container.id"));
            Assert.Equal($"{shell.Id}", JournalLines.Text(line, "process.parentPid"));
            Assert.Equal("sh", line.GetProperty("process").GetProperty("parents")[0].GetProperty("name").GetString());
        });
        var numbers = events.Select(JournalLines.Arguments).Select(arguments =>
        {
            Assert.Equal(["/bin/true", "number " + arguments[1][7..]], arguments);
            return int.Parse(arguments[1][7..], CultureInfo.InvariantCulture);
        });
        Assert.Equal(events.Count, numbers.Distinct().Count());
        Assert.Equal(
            collector.Counts.Lost,
            JournalLines.Losses(lines).Sum(line => line.GetProperty("loss").GetProperty("count").GetInt64()));
    }

    [Fact]
    public void WithTheFallbackNearlyAllAreThereWithPodAndParentAndAsManyArgumentsAsCanBeRead()
    {
        using var folder = new TemporaryFolder();
        using var cgroup = KernelProgram.CgroupOrSkip();
        var pods = new InMemoryPodFolders().WithPod("shop", "cart-0", cgroup.PodUid, "app");
        using var collector = NewCollector(folder.Path, pods, KernelProgram.ConnectOrSkip());

        // Of the last ones that ended nobody can say where they were, unless their parent is still there when they are read.
        using var shell = cgroup.Start($"{Loop}; exec sleep 600");
        Collect(collector, shell, () => File.ReadAllText($"/proc/{shell.Id}/comm") == "sleep\n");

        var events = JournalLines.Events(JournalLines.Read(folder.Path)).Where(line =>
            JournalLines.Text(line, "container.id") == cgroup.Id && JournalLines.Text(line, "process.parentPid") == $"{shell.Id}").ToList();
        var withArguments = events.Count(line => JournalLines.Arguments(line) is [_, ['n', ..]]);
        TestContext.Current.SendDiagnosticMessage(
            $"{events.Count} of {Processes} processes by the connector, {withArguments} with arguments, {collector.Counts.Lost} lost.");
        // The connector names the process. Where it was is read from /proc, and may be gone by then: the fallback promises no number.
        Assert.InRange(events.Count, (Processes * 95 / 100) - collector.Counts.Lost, Processes);
        Assert.All(events, line => Assert.Equal("cart-0", JournalLines.Text(line, "container.pod")));
        Assert.All(
            events.Where(line => JournalLines.Arguments(line) is []),
            line => Assert.Equal("True", JournalLines.Text(line, "process.argumentsUnreadable")));
    }

    static ProcessCollector NewCollector(string folder, IPodFolders pods, IProcessFeed feed) => new(
        feed, new(folder, 64 << 20, TimeProvider.System, () => { }), new ProcessesConfiguration(), pods, TimeProvider.System,
        BootClock.StartedAt);

    static void Collect(ProcessCollector collector, Process process, Func<bool>? isDone = null)
    {
        var clock = Stopwatch.StartNew();
        while (!(isDone?.Invoke() ?? process.HasExited) && clock.Elapsed < Patience)
        {
            collector.Wait(TimeSpan.FromMilliseconds(20));
            collector.Turn();
        }

        // What reads /proc is behind, perhaps.
        while (collector.Wait(TimeSpan.FromMilliseconds(500)) && clock.Elapsed < Patience)
        {
            collector.Turn();
        }

        process.Kill();
        Assert.Equal("", process.StandardError.ReadToEnd());
        collector.Finish();
    }
}
