namespace ClusterTrail.Agent.Sources.Processes;

/// <summary>How a process came into its container, if not from another process in it.</summary>
enum ProcessEntry
{
    /// <summary>From another process in the container.</summary>
    None,

    /// <summary>As the container's first process.</summary>
    Started,

    /// <summary>From outside, into the container's control group: as container runtimes do it.</summary>
    Entered,

    /// <summary>From outside, into the container's mount namespace but not its control group: as nsenter does it.</summary>
    EnteredNamespaces,
}
