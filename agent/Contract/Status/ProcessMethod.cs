namespace ClusterTrail.Contract.Status;

/// <summary>How an agent learns of processes.</summary>
public enum ProcessMethod
{
    /// <summary>Not at all: the status says why.</summary>
    None,

    /// <summary>A program in the kernel (eBPF) reads each exec before its first instruction.</summary>
    KernelProgram,

    /// <summary>The kernel's process connector names each exec, and the rest is read from /proc while the process lives.</summary>
    ProcessConnector,
}
