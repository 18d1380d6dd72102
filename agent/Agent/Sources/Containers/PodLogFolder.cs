using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ClusterTrail.Agent.Sources.Containers;

/// <summary>The folder of all pods' logs.</summary>
/// <remarks>
/// Guarantee: what is opened lies where its path says. No step below the folder follows a symbolic link, so that none leads to a log of
/// another pod or out of the folder.
/// </remarks>
sealed partial class PodLogFolder(string path)
{
    const int CloseOnExec = 0x80000;
    const int NonBlocking = 0x800;
    const int PathOnly = 0x200000;
    const int NoSuchFile = 2;
    const int NotADirectory = 20;
    const int IsALink = 40;

    // These two are the other way round on Arm.
    static readonly int Folder = IsArm ? 0x4000 : 0x10000;
    static readonly int NoLink = IsArm ? 0x8000 : 0x20000;

    static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    public string Path => path;

    /// <summary>The names in a folder; none when it is gone.</summary>
    public IEnumerable<string> List(string below = "")
    {
        var folder = new DirectoryInfo(System.IO.Path.Combine(path, below));
        try
        {
            return folder.EnumerateFileSystemInfos().Select(entry => entry.Name).ToList();
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{folder} may not be listed: {e.Message} Give the agent the capability DAC_READ_SEARCH.", e);
        }
    }

    public FileStatus? Status(string below) => FileStatus.Of(System.IO.Path.Combine(path, below));

    /// <summary>Opens a log; null when it is gone.</summary>
    /// <exception cref="IOException">It cannot be opened, or a link or no regular file is there.</exception>
    public ILogFile? Open(string pod, string container, string name)
    {
        var shown = $"{path}/{pod}/{container}/{name}";
        using var root = Open(path, PathOnly | Folder | CloseOnExec);
        using var podFolder = Below(root, pod, PathOnly | Folder, shown);
        using var containerFolder = podFolder is null ? null : Below(podFolder, container, PathOnly | Folder, shown);
        var file = containerFolder is null ? null : Below(containerFolder, name, NonBlocking, shown);
        return file is null ? null : DiskLogFile.Of(file, shown);
    }

    static SafeFileHandle? Below(SafeFileHandle folder, string name, int flags, string shown)
    {
        var handle = OpenAt(folder, name, flags | NoLink | CloseOnExec);
        if (!handle.IsInvalid)
        {
            return handle;
        }

        var error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        return error switch
        {
            NoSuchFile => null,
            IsALink or NotADirectory => throw new IOException(
                $"{shown} is not read: \"{name}\" is a symbolic link or no folder, and links are not followed."),
            _ => throw new IOException($"{shown} cannot be opened: {Marshal.GetPInvokeErrorMessage(error)}."),
        };
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenAt(SafeFileHandle folder, string name, int flags);
}
