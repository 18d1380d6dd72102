using System.Text;
using ClusterTrail.Agent.Sources.Processes.Kernel;

namespace ClusterTrail.Agent.Tests.Sources.Processes;

/// <summary>A process, described as the kernel program describes it.</summary>
sealed record SomeProcess
{
    public const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    public const string Uid = "8d1b1f0a-2c3d-4e5f-8a9b-0c1d2e3f4a5b";
    public const string Container = $"/kubepods/burstable/pod{Uid}/{Id}";

    public uint Pid { get; init; } = 4711;

    public ulong Started { get; init; } = 4_000_000_000;

    public ulong Time { get; init; } = 5_000_000_000;

    public string FileName { get; init; } = "/bin/echo";

    public string Path { get; init; } = "/usr/bin/echo";

    public string Cgroup { get; init; } = Container;

    public string? ParentCgroup { get; init; }

    public (ulong Own, ulong OfParent) Mounts { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = ["echo", "hello"];

    public ProcessFlags Flags { get; init; }

    public uint EffectiveUser { get; init; } = 1000;

    public byte[] Record()
    {
        var writer = new ProcessRecordWriter();
        writer.Begin(Pid, Flags, Time, Started, "echo"u8);
        writer.Rights(1000, 1001, EffectiveUser, 1001, 0xa80425fb);
        writer.Ancestor(4700, 3_000_000_000, "sh"u8);
        writer.Ancestor(4600, 0, "containerd-shim"u8);
        writer.FileName(Encoding.UTF8.GetBytes(FileName));
        writer.Path(Encoding.UTF8.GetBytes(Path));
        writer.Cgroup(Encoding.UTF8.GetBytes(Cgroup));
        if (ParentCgroup is not null)
        {
            writer.ParentCgroup(Encoding.UTF8.GetBytes(ParentCgroup));
        }

        writer.Mounts(Mounts.Own, Mounts.OfParent);
        var arguments = Encoding.UTF8.GetBytes(string.Concat(Arguments.Select(one => one + "\0")));
        writer.Arguments(arguments, Arguments.Count, arguments.Length);
        return writer.Written.ToArray();
    }
}
