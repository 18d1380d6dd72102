using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ClusterTrail.Agent.Sources.Processes.Connector;

/// <summary>Reads what /proc says of a process while it lives.</summary>
/// <param name="controller">The control group v1 hierarchy that tells containers apart; null where v2 does.</param>
sealed partial class ProcFiles(string? controller)
{
    const nuint GetMountNamespaceId = 0x8008b705; // NS_GET_MNTNS_ID of linux/nsfs.h

    readonly byte[] content = new byte[128 << 10];

    /// <summary>The arguments, each with its NUL; nothing when the process is gone.</summary>
    public ReadOnlySpan<byte> Arguments(uint pid) => Read($"/proc/{pid}/cmdline");

    /// <summary>The path of the file that runs; nothing when the process is gone.</summary>
    public static string? Executable(uint pid)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{pid}/exe", returnFinalTarget: false)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The path of the control group; null when the process is gone.</summary>
    public byte[]? Cgroup(uint pid) => CgroupOf(Read($"/proc/{pid}/cgroup"), controller);

    /// <summary>The id of its mount namespace; 0 when the process is gone.</summary>
    /// <remarks>
    /// Caveat: kernels before 6.11 do not say it. Then it is the inode number, which a later namespace may have again when this one has
    /// ended.
    /// </remarks>
    public static ulong Mounts(uint pid)
    {
        try
        {
            var path = $"/proc/{pid}/ns/mnt";
            using var file = File.OpenHandle(path, share: FileShare.ReadWrite);
            if (Control(file, GetMountNamespaceId, out var id) == 0)
                return id;
            var link = new FileInfo(path).LinkTarget;
            return link is not null && link.StartsWith("mnt:[", StringComparison.Ordinal) && ulong.TryParse(link[5..^1], out var number)
                ? number
                : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>Who it is; null when it is gone.</summary>
    public ProcStatus? Status(uint pid) => ProcStatus.TryRead(Read($"/proc/{pid}/status"), out var status) ? status : null;

    /// <summary>The line of the hierarchy that counts.</summary>
    public static byte[]? CgroupOf(ReadOnlySpan<byte> file, string? controller)
    {
        foreach (var range in file.Split((byte)'\n'))
        {
            var line = System.Text.Encoding.UTF8.GetString(file[range]).Split(':', 3);
            if (line is [var number, var controllers, var path]
                && (controller is null ? number == "0" : controllers.Split(',').Contains(controller)))
            {
                return System.Text.Encoding.UTF8.GetBytes(path);
            }
        }

        return null;
    }

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(SafeFileHandle file, nuint request, out ulong value);

    ReadOnlySpan<byte> Read(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            var length = 0;
            while (length < content.Length && RandomAccess.Read(file, content.AsSpan(length), length) is > 0 and var read)
            {
                length += read;
            }

            return content.AsSpan(0, length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
