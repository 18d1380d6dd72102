using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using ClusterTrail.Agent.Sources.Processes;
using ClusterTrail.Agent.Sources.Processes.Kernel;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Processes.Kernel;

[Collection(KernelProgram.Collection)]
public class ProcessProgramTests
{
    [Fact]
    public void AProcessIsDescribed()
    {
        var all = Run("/bin/echo", "hello", "a b", "");

        var echo = Assert.Single(all);
        Assert.Equal(["/bin/echo", "hello", "a b", ""], echo.Arguments);
        Assert.Equal((4u, 21u), (echo.ArgumentCount, echo.ArgumentBytes));
        Assert.Equal(("/bin/echo", "echo"), (echo.FileName, echo.Command));
        Assert.EndsWith("/bin/echo", echo.Path);
        Assert.Equal(((uint)Environment.ProcessId, ProcessFlags.None), (echo.Parent, echo.Flags));
        Assert.Equal((uint)Environment.ProcessId, echo.Ancestors[0]);
        Assert.True(echo.Ancestors.Count > 1);
    }

    [Fact]
    public void OfLongArgumentsTheTrueLengthIsKnown()
    {
        var filler = new string('x', 100_000);

        var one = Assert.Single(Run("/bin/true", filler, "last"));

        Assert.Equal(3u, one.ArgumentCount);
        Assert.Equal((uint)("/bin/true".Length + 1 + filler.Length + 1 + 5), one.ArgumentBytes);
        Assert.Equal(["/bin/true", new string('x', ProcessRecord.MaxArguments - 10)], one.Arguments);
    }

    [Fact]
    public void AProgramWithoutArgumentsIsDescribed()
    {
        // The kernel gives a program that was started with none an empty one.
        var all = Run("/usr/bin/perl", "-e", "exec {'/bin/true'} ()");

        Assert.All(all, one => Assert.NotEmpty(one.FileName));
    }

    [Fact]
    public void AScriptIsNamedAndItsInterpreterToo()
    {
        using var folder = new TemporaryFolder();
        var script = Script(folder, "#!/bin/sh\nexit 0\n");

        var one = Assert.Single(Run(script, "argument"));

        Assert.Equal(["/bin/sh", script, "argument"], one.Arguments);
        Assert.Equal(script, one.FileName);
        Assert.Contains("sh", one.Path, StringComparison.Ordinal);
    }

    [Fact]
    public void ARelativeProgramHasItsWholePathAcrossMounts()
    {
        using var folder = new TemporaryFolder("/dev/shm");
        File.Copy("/bin/true", folder.Join("program"));

        var all = Run("/bin/sh", "-c", $"cd {folder.Path}; exec ./program");

        Assert.Equal(("./program", folder.Join("program")), (all[^1].FileName, all[^1].Path));
    }

    [Fact]
    public void ADeletedProgramIsFlagged()
    {
        using var folder = new TemporaryFolder();
        File.Copy("/bin/true", folder.Join("program"));

        var all = Run("/bin/sh", "-c", $"exec 3< {folder.Path}/program; rm {folder.Path}/program; exec /proc/self/fd/3");

        Assert.Equal(ProcessFlags.FileWithoutName, all[^1].Flags);
        Assert.Equal("/proc/self/fd/3", all[^1].FileName);
    }

    [Fact]
    public void AProgramInMemoryOnlyIsFlagged()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "The number of memfd_create is that of x86-64.");
        // 319 is memfd_create.
        var all = Run("/usr/bin/perl", "-e", """
            my $name = "hidden"; my $fd = syscall(319, $name, 0); open(my $to, ">&=", $fd) or die; open(my $from, "<", "/bin/true") or die;
            local $/ = undef; print $to readline($from); $to->flush(); exec("/proc/self/fd/$fd", "argument") or die;
            """.ReplaceLineEndings(" "));

        Assert.Equal(ProcessFlags.FileWithoutName, all[^1].Flags);
        Assert.Contains("memfd:hidden", all[^1].Path, StringComparison.Ordinal);
    }

    [Fact]
    public void AProgramThatChangesItsUserShowsBoth()
    {
        using var folder = new TemporaryFolder();
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_101_101);
        File.Copy("/bin/true", folder.Join("program"));
        File.SetUnixFileMode(folder.Join("program"), UnixFileMode.SetUser | (UnixFileMode)0b111_101_101);

        var all = Run("/usr/bin/perl", "-e", $"$) = $( = 65534; $< = $> = 65534; exec '{folder.Path}/program'");

        Assert.Equal((65534u, 0u), (all[^1].User, all[^1].EffectiveUser));
    }

    [Fact]
    public void AProgramThatCannotBeStartedIsNoEvent()
    {
        var all = Run("/bin/sh", "-c", "/no/such/program; exit 0");

        Assert.Single(all);
    }

    [Fact]
    public void WhatTheRingCannotTakeIsCountedExactly()
    {
        using var program = KernelProgram.LoadOrSkip();
        using var cgroup = KernelProgram.CgroupOrSkip();
        var filler = new string('x', 8000);

        // Nobody reads meanwhile: 8 MiB hold fewer than a thousand of these.
        using var shell = cgroup.Start("i=0; while [ $i -lt 1500 ]; do /bin/true $1; i=$((i+1)); done", filler);
        shell.WaitForExit();

        // The whole machine is watched, and other programs start meanwhile.
        var seenBefore = program.SeenEvents;
        var read = 0;
        var ours = 0;
        while (program.Drain(bytes => ours += Read(bytes).Cgroup.Contains(cgroup.Id, StringComparison.Ordinal) ? 1 : 0, 100)
            is > 0 and var some)
        {
            read += some;
        }

        Assert.InRange(read + program.LostEvents, seenBefore, program.SeenEvents);
        Assert.InRange(ours, 500, 1499);
        Assert.InRange(program.LostEvents, 1500 - ours, long.MaxValue);
    }

    static List<Seen> Run(string file, params string[] arguments)
    {
        using var program = KernelProgram.LoadOrSkip();
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.WaitForExit();
        var seen = new List<Seen>();
        program.Wait(TimeSpan.FromSeconds(5));
        program.Drain(bytes => seen.Add(Read(bytes)), int.MaxValue);
        // The whole machine is watched; other tests run programs too.
        return [.. seen.Where(one => one.Pid == process.Id)];
    }

    static string Script(TemporaryFolder folder, string text)
    {
        File.WriteAllText(folder.Join("script"), text);
        File.SetUnixFileMode(folder.Join("script"), (UnixFileMode)0b111_101_101);
        return folder.Join("script");
    }

    static Seen Read(ReadOnlySpan<byte> bytes)
    {
        Assert.True(ProcessRecord.TryRead(bytes, out var record));
        var ancestors = new List<uint>();
        for (var at = 0; at < record.Ancestors; at++)
        {
            ancestors.Add(record.Ancestor(at).Pid);
        }

        var arguments = Encoding.UTF8.GetString(record.Arguments);
        return new(
            record.Pid, record.ParentPid, record.Flags, record.UserId, record.EffectiveUserId, record.ArgumentCount, record.ArgumentBytes,
            Encoding.UTF8.GetString(record.Command), Encoding.UTF8.GetString(record.FileName),
            ContainerOfCgroup.PathOf(record.PathNames),
            ContainerOfCgroup.PathOf(record.CgroupNames),
            arguments.EndsWith('\0') ? arguments[..^1].Split('\0') : arguments.Split('\0'), ancestors);
    }

    sealed record Seen(
        uint Pid, uint Parent, ProcessFlags Flags, uint User, uint EffectiveUser, uint ArgumentCount, ulong ArgumentBytes, string Command,
        string FileName, string Path, string Cgroup, string[] Arguments, List<uint> Ancestors);
}
