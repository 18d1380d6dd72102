using ClusterTrail.Agent.Sources.Processes.Kernel;

namespace ClusterTrail.Agent.Sources.Processes;

/// <summary>Finds the best way to learn of processes that the kernel allows.</summary>
static class ProcessFeeds
{
    /// <returns>The feed, and what is missing for a better one; no feed when there is no way at all.</returns>
    public static (IProcessFeed? Feed, string? Reason) Open()
    {
        try
        {
            return (new ProcessProgram(), null);
        }
        catch (KernelException e)
        {
            return (null, Explain(e));
        }
    }

    static string Explain(KernelException e) => e.IsDenied
        ? $"The kernel program cannot be loaded: {e.Message}. Give the agent the capabilities BPF and PERFMON (before Linux 5.8: SYS_ADMIN), "
            + "or let the kernel's lockdown mode be at most integrity."
        : $"The kernel program cannot be loaded: {e.Message}. It needs Linux 5.8 or newer with type information (CONFIG_DEBUG_INFO_BTF).";
}
