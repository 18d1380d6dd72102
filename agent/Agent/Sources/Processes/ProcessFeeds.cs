using ClusterTrail.Agent.Sources.Processes.Connector;
using ClusterTrail.Agent.Sources.Processes.Kernel;

namespace ClusterTrail.Agent.Sources.Processes;

/// <summary>Finds the best way to learn of processes that the kernel allows.</summary>
static class ProcessFeeds
{
    /// <returns>The feed, and what is missing for a better one; no feed when there is no way at all.</returns>
    public static (IProcessFeed? Feed, string? Reason) Open() => Open(() => new ProcessProgram(), () => new ProcessConnector());

    /// <param name="ways">The best first.</param>
    public static (IProcessFeed? Feed, string? Reason) Open(params Func<IProcessFeed>[] ways)
    {
        var reasons = new List<string>();
        foreach (var way in ways)
        {
            try
            {
                return (way(), reasons.Count == 0 ? null : string.Join(' ', reasons));
            }
            catch (KernelException e)
            {
                reasons.Add(reasons.Count == 0 ? OfProgram(e) : OfConnector(e));
            }
        }

        return (null, string.Join(' ', reasons));
    }

    static string OfProgram(KernelException e) => e.IsDenied
        ? $"The kernel program cannot be loaded: {e.Message}. Give the agent the capabilities BPF and PERFMON "
            + "(before Linux 5.8: SYS_ADMIN), and set the kernel's lockdown mode to at most integrity."
        : $"The kernel program cannot be loaded: {e.Message}. It needs Linux 5.8 or newer with type information (CONFIG_DEBUG_INFO_BTF).";

    static string OfConnector(KernelException e) =>
        $"There is no fallback either: {e.Message}. It needs hostPID, and the capabilities NET_ADMIN, SYS_PTRACE and DAC_READ_SEARCH.";
}
