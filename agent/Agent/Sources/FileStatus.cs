using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ClusterTrail.Agent.Sources;

/// <summary>What statx(2) tells of a file and the class library does not: its device and inode number.</summary>
readonly partial record struct FileStatus(FileNumber Number)
{
    const int CurrentDirectory = -100;
    const int EmptyPath = 0x1000;
    const uint InodeMask = 0x100;
    const int NoSuchFile = 2;
    const int NotADirectory = 20;

    /// <summary>The file that the path means; null when there is none.</summary>
    public static FileStatus? Of(string path)
    {
        if (Statx(CurrentDirectory, path, 0, InodeMask, out var status) == 0)
        {
            return status.ToFileStatus();
        }

        var error = Marshal.GetLastPInvokeError();
        return error is NoSuchFile or NotADirectory ? null : throw Failure(path, error);
    }

    public static FileStatus Of(SafeFileHandle handle) =>
        StatxOfHandle(handle, "", EmptyPath, InodeMask, out var status) == 0 ? status.ToFileStatus() : throw Failure("an open file", Marshal.GetLastPInvokeError());

    static IOException Failure(string file, int error) => new($"{file}: {Marshal.GetPInvokeErrorMessage(error)}");

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Statx(int directory, string path, int flags, uint mask, out Raw status);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int StatxOfHandle(SafeFileHandle file, string path, int flags, uint mask, out Raw status);

    /// <summary><c>struct statx</c> of linux/stat.h: the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    struct Raw
    {
        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;

        public readonly FileStatus ToFileStatus() => new(new FileNumber(((ulong)DeviceMajor << 32) | DeviceMinor, Inode));
    }
}
