namespace ClusterTrail.Agent.Sources.Processes.Connector;

/// <summary>Reads what /proc says of a process while it lives.</summary>
/// <param name="controller">The control group v1 hierarchy that tells containers apart; null where v2 does.</param>
sealed class ProcFiles(string? controller)
{
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

    /// <summary>The number of its mount namespace; 0 when the process is gone.</summary>
    public static uint Mounts(uint pid)
    {
        try
        {
            var link = new FileInfo($"/proc/{pid}/ns/mnt").LinkTarget;
            return link is not null && link.StartsWith("mnt:[", StringComparison.Ordinal) && uint.TryParse(link[5..^1], out var number)
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
