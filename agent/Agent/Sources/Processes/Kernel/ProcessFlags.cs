namespace ClusterTrail.Agent.Sources.Processes.Kernel;

/// <summary>What is special about a record, as processes.bpf.c sets it.</summary>
[Flags]
enum ProcessFlags : uint
{
    None = 0,

    /// <summary>The arguments were not to be read.</summary>
    ArgumentsUnreadable = 1,

    /// <summary>The running file's path has more or longer names than fit.</summary>
    PathIncomplete = 2,

    /// <summary>The control group's path has more or longer names than fit.</summary>
    CgroupIncomplete = 4,

    /// <summary>The running file has no name in any folder: it was deleted, or is in memory only (memfd_create).</summary>
    FileWithoutName = 8,

    /// <summary>The path of the parent's control group has more or longer names than fit.</summary>
    ParentCgroupIncomplete = 16,
}
