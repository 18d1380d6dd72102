using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ClusterTrail.Agent.Sources.Containers;

/// <summary>A folder that is held, so that what is below it is found there, whatever is renamed meanwhile.</summary>
sealed partial class FolderHandle : IDisposable
{
    const int CloseOnExec = 0x80000;
    const int PathOnly = 0x200000;
    const int NoSuchFile = 2;
    const int NotADirectory = 20;
    const int IsALink = 40;
    const int LongestTarget = 4096;

    // These two are the other way round on Arm.
    static readonly int FolderOnly = IsArm ? 0x4000 : 0x10000;
    static readonly int NoLink = IsArm ? 0x8000 : 0x20000;

    readonly SafeFileHandle handle;

    FolderHandle(SafeFileHandle handle) => this.handle = handle;

    static bool IsArm => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    /// <summary>The folder of a path, whose own links are followed; null when there is none.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static FolderHandle? Open(string path) =>
        Checked(Open(path, PathOnly | FolderOnly | CloseOnExec), path, path) is { } handle ? new(handle) : null;

    /// <summary>A folder in this one; null when there is none.</summary>
    /// <param name="shown">What people know it as.</param>
    /// <exception cref="IOException">It cannot be opened, or a link is there.</exception>
    public FolderHandle? Folder(string name, string shown) => File(name, PathOnly | FolderOnly, shown) is { } found ? new(found) : null;

    /// <summary>A file in this folder; null when there is none.</summary>
    /// <exception cref="IOException">It cannot be opened, or a link is there.</exception>
    public SafeFileHandle? File(string name, int flags, string shown) =>
        Checked(OpenAt(handle, name, flags | NoLink | CloseOnExec), name, shown);

    /// <summary>What a link in this folder says; null if it is none.</summary>
    public string? LinkTarget(string name)
    {
        var target = new byte[LongestTarget];
        var length = ReadLinkAt(handle, name, target, target.Length);
        return length < 0 ? null : Encoding.UTF8.GetString(target, 0, (int)length);
    }

    public void Dispose() => handle.Dispose();

    static SafeFileHandle? Checked(SafeFileHandle opened, string name, string shown)
    {
        if (!opened.IsInvalid)
        {
            return opened;
        }

        var error = Marshal.GetLastPInvokeError();
        opened.Dispose();
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

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ReadLinkAt(SafeFileHandle folder, string name, byte[] target, nint length);
}
