using System.Diagnostics;
using System.Text;
using ClusterTrail.Agent.Sources.Processes.Kernel;

namespace ClusterTrail.Agent.Tests.Sources.Processes.Kernel;

public class ProcessProgramTests
{
    [Fact]
    public void Smoke()
    {
        using var program = new ProcessProgram();
        using var child = Process.Start("/bin/sh", ["-c", "exec /bin/echo hello 'a b'"]);
        child.WaitForExit();
        var text = new StringBuilder();
        program.Wait(TimeSpan.FromSeconds(1));
        program.Drain(bytes =>
        {
            Assert.True(ProcessRecord.TryRead(bytes, out var r));
            text.AppendLine($"{r.Pid} {r.ParentPid} {r.Flags} {r.UserId} {r.EffectiveUserId} {r.Time} {r.Started} {r.Capabilities:x} "
                + $"{r.ArgumentCount} {r.ArgumentBytes} {Encoding.UTF8.GetString(r.Command)} {Encoding.UTF8.GetString(r.FileName)} "
                + $"{Encoding.UTF8.GetString(r.PathNames).Replace('\0', '|')} {Encoding.UTF8.GetString(r.CgroupNames).Replace('\0', '|')} "
                + $"{Encoding.UTF8.GetString(r.Arguments).Replace('\0', '|')}");
            for (var i = 0; i < r.Ancestors; i++)
                text.Append(r.Ancestor(i).Pid + ":" + Encoding.UTF8.GetString(r.Ancestor(i).Command) + " ");
            text.AppendLine();
        });
        Assert.Fail(text.ToString() + program.SeenEvents + " " + program.LostEvents);
    }
}
