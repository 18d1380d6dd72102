using System.Buffers.Binary;

namespace ClusterTrail.Agent.Sources.Processes.Kernel;

/// <summary>Where the running kernel has what the program reads: the map "layout" of processes.bpf.c.</summary>
static class KernelLayout
{
    // In the order of struct layout. Behind a bar: what older kernels call it.
    static readonly string[] Fields =
    [
        "task_struct real_parent", "task_struct group_leader", "task_struct tgid", "task_struct start_boottime|real_start_time",
        "task_struct comm", "task_struct cred", "task_struct mm", "task_struct cgroups",
        "cred uid", "cred gid", "cred euid", "cred egid", "cred cap_effective",
        "mm_struct arg_start", "mm_struct arg_end",
        "css_set dfl_cgrp", "cgroup_subsys_state cgroup", "cgroup kn", "kernfs_node name", "kernfs_node __parent|parent",
        "linux_binprm filename", "linux_binprm file", "linux_binprm argc",
        "file f_path.mnt", "file f_path.dentry", "dentry d_parent", "dentry d_name.name", "dentry d_inode", "inode i_nlink",
        "mount mnt", "mount mnt_parent", "mount mnt_mountpoint", "vfsmount mnt_root",
        "task_struct nsproxy", "nsproxy mnt_ns", "mnt_namespace ns.ns_id|seq",
    ];

    const string Subsystems = "cgroup_subsys_id";
    const int SetCgroup = 15;

    /// <summary>The names that <see cref="KernelTypes"/> must know.</summary>
    public static IReadOnlySet<string> Names { get; } = Fields.Select(field => field.Split(' ')[0]).Append(Subsystems).ToHashSet();

    /// <summary>The bytes of the map's value.</summary>
    /// <param name="controller">The control group v1 hierarchy that tells containers apart; null where v2 does.</param>
    /// <exception cref="KernelException">The kernel has a member under no known name.</exception>
    public static byte[] Build(KernelTypes types, string? controller)
    {
        var value = new byte[(Fields.Length + 1) * sizeof(uint)];
        for (var at = 0; at < Fields.Length; at++)
        {
            Write(at, Offset(types, Fields[at]));
        }

        if (controller is not null)
        {
            var number = types.Value($"{controller}_cgrp_id")
                ?? throw new KernelException($"the kernel's type information has no control group subsystem \"{controller}\"");
            Write(SetCgroup, Offset(types, "css_set subsys") + (number * sizeof(ulong)));
            Write(Fields.Length, 1);
        }

        return value;

        void Write(int at, int number) => BinaryPrimitives.WriteInt32LittleEndian(value.AsSpan(at * sizeof(uint)), number);
    }

    /// <summary>Which control group hierarchy tells containers apart here, by what the kernel says of any process.</summary>
    /// <param name="cgroups">The content of <c>/proc/self/cgroup</c>.</param>
    /// <returns>A controller of version 1; null for version 2.</returns>
    public static string? ControllerOf(string cgroups)
    {
        var controllers = cgroups.Split('\n').Select(line => line.Split(':', 3)).Where(line => line is [not "0", _, _])
            .SelectMany(line => line[1].Split(',')).ToHashSet();
        return controllers.Contains("pids") ? "pids" : controllers.Contains("memory") ? "memory" : null;
    }

    static int Offset(KernelTypes types, string field)
    {
        var (structure, members) = (field.Split(' ')[0], field.Split(' ')[1]);
        return members.Split('|').Select(member => types.Offset(structure, member)).FirstOrDefault(offset => offset is not null)
            ?? throw new KernelException($"the kernel's type information has no {structure}.{members.Split('|')[0]}");
    }
}
