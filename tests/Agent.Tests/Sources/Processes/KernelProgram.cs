using ClusterTrail.Agent.Sources.Processes.Connector;
using ClusterTrail.Agent.Sources.Processes.Kernel;
using ClusterTrail.Testing;

namespace ClusterTrail.Agent.Tests.Sources.Processes;

/// <summary>The real program in the real kernel, where a test may load it.</summary>
static class KernelProgram
{
    /// <summary>
    /// Of all tests that use it: each sees every process of the machine, and one that starts a thousand fills the others' journals.
    /// </summary>
    public const string Collection = "Kernel";

    /// <summary>Skips the test where the kernel does not let this user load programs; any other failure stays one.</summary>
    public static ProcessProgram LoadOrSkip()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Programs are loaded into the kernel by root only.");
        try
        {
            return new();
        }
        catch (KernelException e) when (e.IsDenied)
        {
            Assert.Skip($"This kernel lets nobody load programs: {e.Message}");
            throw;
        }
    }

    /// <summary>The process connector; skips the test where this user may not use it.</summary>
    public static ProcessConnector ConnectOrSkip()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "The process connector is for root only.");
        try
        {
            return new();
        }
        catch (KernelException e)
        {
            Assert.Skip($"This kernel has no process connector for a test: {e.Message}");
            throw;
        }
    }

    /// <summary>Skips the test where no control group can be made.</summary>
    public static ContainerCgroup CgroupOrSkip()
    {
        try
        {
            return ContainerCgroup.Create();
        }
        catch (MissingPartException e)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }
}
