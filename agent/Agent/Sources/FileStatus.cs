using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ClusterTrail.Agent.Sources;

/// <summary>What statx(2) says of a file.</summary>
/// <param name="Modified">When its content was changed last, in nanoseconds since 1970.</param>
/// <param name="Changed">When its content or its name was changed last.</param>
readonly partial record struct FileStatus(FileNumber Number, FileKind Kind, long Size, long Modified, DateTimeOffset Changed)
{
    const int CurrentDirectory = -100;
    const int EmptyPath = 0x1000;
    const uint BirthMask = 0x800;
    const uint Mask = 0x7ff | BirthMask;
    const int NoSuchFile = 2;
    const int NotADirectory = 20;

    /// <summary>The file that the path means; null when there is none.</summary>
    /// <exception cref="IOException">Nobody can say.</exception>
    public static FileStatus? Of(string path)
    {
        if (Statx(CurrentDirectory, path, 0, Mask, out var status) == 0)
        {
            return status.ToFileStatus();
        }

        var error = Marshal.GetLastPInvokeError();
        return error is NoSuchFile or NotADirectory ? null : throw Failure(path, error);
    }

    public static FileStatus Of(SafeFileHandle handle) => StatxOfHandle(handle, "", EmptyPath, Mask, out var status) == 0
        ? status.ToFileStatus()
        : throw Failure("an open file", Marshal.GetLastPInvokeError());

    /// <summary>Whether the content is the same as far as this shows: a file may have been renamed.</summary>
    public bool HasContentOf(FileStatus other) => this with { Changed = other.Changed } == other;

    static IOException Failure(string file, int error) => new($"{file}: {Marshal.GetPInvokeErrorMessage(error)}");

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Statx(int directory, string path, int flags, uint mask, out Raw status);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int StatxOfHandle(SafeFileHandle file, string path, int flags, uint mask, out Raw status);

    /// <summary><c>struct statx</c> of linux/stat.h: the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    struct Raw
    {
        [FieldOffset(0)]
        public uint Filled;

        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public long Size;

        [FieldOffset(80)]
        public long BornSeconds;

        [FieldOffset(88)]
        public uint BornNanoseconds;

        [FieldOffset(96)]
        public long ChangedSeconds;

        [FieldOffset(112)]
        public long ModifiedSeconds;

        [FieldOffset(120)]
        public uint ModifiedNanoseconds;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;

        readonly long Born => (Filled & BirthMask) == 0 ? 0 : BornSeconds * 1_000_000_000 + BornNanoseconds;

        public readonly FileStatus ToFileStatus() => new(
            new FileNumber(((ulong)DeviceMajor << 32) | DeviceMinor, Inode, Born), (FileKind)(Mode & 0xf000), Size,
            ModifiedSeconds * 1_000_000_000 + ModifiedNanoseconds, DateTimeOffset.FromUnixTimeSeconds(ChangedSeconds));
    }
}
