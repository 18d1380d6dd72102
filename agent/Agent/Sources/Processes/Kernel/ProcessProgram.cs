using System.Globalization;
using System.Runtime.InteropServices;
using ClusterTrail.Contract.Status;
using Microsoft.Win32.SafeHandles;

namespace ClusterTrail.Agent.Sources.Processes.Kernel;

/// <summary>The program that describes each exec, running in the kernel while this lives.</summary>
/// <remarks>Loaded by bpf(2) itself (decision 0020). The kernel removes it when its files are closed, however the agent ends.</remarks>
sealed class ProcessProgram : IProcessFeed
{
    const string Resource = "processes.bpf.o";
    const uint Events = 0;
    const uint Lost = 1;

    readonly Dictionary<string, SafeFileHandle> maps = [];
    readonly SafeFileHandle program;
    readonly SafeFileHandle link;
    readonly KernelRing ring;
    readonly byte[] counters = new byte[PossibleCpus() * sizeof(long)];

    /// <exception cref="KernelException">The kernel cannot run it, or the agent may not load it.</exception>
    public ProcessProgram()
    {
        var compiled = new BpfObject(ReadResource());
        var layout = Layout();
        try
        {
            foreach (var map in compiled.Maps)
            {
                maps.Add(map.Name, Bpf.CreateMap(map));
            }

            Bpf.Update(maps["layout"], 0, layout);
            program = Bpf.Load(compiled.Link(name => (int)maps[name].DangerousGetHandle()), compiled.License);
            ring = new(maps["ring"], compiled.Maps.Single(map => map.Name == "ring").Entries);
            link = Bpf.Attach(program, compiled.Tracepoint);
        }
        catch (KernelException)
        {
            Dispose();
            throw;
        }
    }

    public ProcessMethod Method => ProcessMethod.KernelProgram;

    /// <summary>How many events the kernel could not hand over.</summary>
    public long LostEvents => Sum(Lost) + Bpf.Missed(program);

    /// <summary>How many execs the program saw, lost ones included.</summary>
    public long SeenEvents => Sum(Events) + Bpf.Missed(program);

    public bool Wait(TimeSpan atMost) => ring.Wait(atMost);

    public int Drain(KernelRecordHandler handler, int most) => ring.Drain(handler, most);

    public void Dispose()
    {
        link?.Dispose();
        ring?.Dispose();
        program?.Dispose();
        foreach (var map in maps.Values)
        {
            map.Dispose();
        }
    }

    static byte[] Layout()
    {
        try
        {
            var types = new KernelTypes(File.ReadAllBytes(KernelTypes.DefaultPath), KernelLayout.Names);
            return KernelLayout.Build(types, KernelLayout.ControllerOf(File.ReadAllText("/proc/self/cgroup")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new KernelException($"the kernel's type information (BTF) cannot be read: {e.Message}");
        }
    }

    static byte[] ReadResource()
    {
        using var stream = typeof(ProcessProgram).Assembly.GetManifestResourceStream(Resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    // A map with a value for each CPU has one for each that could be plugged in; the kernel writes them all.
    static int PossibleCpus()
    {
        try
        {
            return CpusIn(File.ReadAllText("/sys/devices/system/cpu/possible"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new KernelException($"the number of CPUs cannot be read: {e.Message}");
        }
    }

    /// <summary>How many a list such as <c>0-3,8</c> has.</summary>
    public static int CpusIn(string list) => list.Trim().Split(',').Sum(range => range.Split('-') is [var first, var last]
        ? int.Parse(last, CultureInfo.InvariantCulture) - int.Parse(first, CultureInfo.InvariantCulture) + 1
        : 1);

    long Sum(uint counter)
    {
        Bpf.Lookup(maps["counts"], counter, counters);
        var sum = 0L;
        foreach (var one in MemoryMarshal.Cast<byte, long>(counters))
        {
            sum += one;
        }

        return sum;
    }
}
