using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ClusterTrail.Contract.Reading;

/// <summary>Reads files that people or an operator put there: regular files of bounded size, also through symbolic links.</summary>
/// <remarks>
/// Guarantees: a pipe, a device or a folder is rejected and does not block; no more than the bound is read, whatever the path means.
/// </remarks>
public static partial class RegularFile
{
    /// <summary>The bound of a configuration or a file of certificates. A ConfigMap or Secret has at most 1 MiB.</summary>
    public const int MostBytes = 4 << 20;

    /// <summary>The bound of a file with one value: a key, a password, a token.</summary>
    public const int MostValueBytes = 64 << 10;

    // O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC: a pipe without a writer does not keep the reader waiting.
    const int LinuxReadFlags = 0x800 | 0x100 | 0x80000;
    const int MacReadFlags = 0x4 | 0x20000 | 0x1000000;
    const int EmptyPath = 0x1000; // AT_EMPTY_PATH
    const uint KindMask = 1; // STATX_TYPE
    const int StatusBytes = 256;
    const int LinuxModeOffset = 28;
    const int MacModeOffset = 4;
    const int KindBits = 0xf000;
    const int Regular = 0x8000;
    const int NoSuchFile = 2;
    const int NotADirectory = 20;
    const int Denied = 13;
    const int NotPermitted = 1;

    /// <exception cref="IOException">It is not a regular file, is larger, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] Read(string path, int mostBytes = MostBytes)
    {
        using var handle = Open(path);
        using var file = new FileStream(handle, FileAccess.Read, bufferSize: 0);
        EnsureBounded(path, file.Length, mostBytes);
        // A length may be wrong: files of /proc have none, and a file may grow.
        var content = new byte[(int)file.Length + 1];
        var length = 0;
        int read;
        while ((read = file.Read(content, length, content.Length - length)) > 0)
        {
            length += read;
            EnsureBounded(path, length, mostBytes);
            if (length == content.Length)
            {
                Array.Resize(ref content, Math.Min(length * 2, mostBytes) + 1);
            }
        }

        Array.Resize(ref content, length);
        return content;
    }

    /// <summary>The text of a file in UTF-8, without a byte order mark.</summary>
    /// <exception cref="IOException">It is not a regular file, is larger, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string ReadText(string path, int mostBytes = MostBytes) => Utf8Text.Decode(Read(path, mostBytes));

    /// <summary>Opens a regular file of any size.</summary>
    /// <exception cref="IOException">It is not a regular file, or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static SafeFileHandle Open(string path)
    {
        // The kernel would open what is in front of it.
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new IOException("The path contains NUL.");
        }

        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
        {
            return File.OpenHandle(path); // a developer's machine: only the bound is kept
        }

        var handle = Open(path, OperatingSystem.IsLinux() ? LinuxReadFlags : MacReadFlags);
        if (!handle.IsInvalid && IsRegular(handle))
        {
            return handle;
        }

        var error = Marshal.GetLastPInvokeError();
        var isOpen = !handle.IsInvalid;
        handle.Dispose();
        throw isOpen ? new NotARegularFileException(path) : Failure(path, error);
    }

    static bool IsX64 => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    static bool IsRegular(SafeFileHandle handle)
    {
        Span<byte> status = stackalloc byte[StatusBytes];
        ref var first = ref MemoryMarshal.GetReference(status);
        var (failed, modeOffset) = OperatingSystem.IsLinux()
            ? (Statx(handle, "", EmptyPath, KindMask, ref first), LinuxModeOffset)
            : (IsX64 ? FstatOfX64(handle, ref first) : Fstat(handle, ref first), MacModeOffset);
        return failed == 0 && (MemoryMarshal.Read<ushort>(status[modeOffset..]) & KindBits) == Regular;
    }

    static void EnsureBounded(string path, long bytes, int mostBytes)
    {
        if (bytes > mostBytes)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"'{path}' is larger than {mostBytes >> 10} KiB."));
        }
    }

    // As the class library says it.
    static Exception Failure(string path, int error) => error switch
    {
        NoSuchFile or NotADirectory => new FileNotFoundException($"Could not find file '{path}'."),
        Denied or NotPermitted => new UnauthorizedAccessException($"Access to the path '{path}' is denied."),
        _ => new IOException($"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'"),
    };

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(SafeFileHandle file, string path, int flags, uint mask, ref byte status);

    // macOS has statx on no processor, and on x64 the plain name means a structure with inodes of 32 bits.
    [LibraryImport("libc", EntryPoint = "fstat$INODE64", SetLastError = true)]
    private static partial int FstatOfX64(SafeFileHandle file, ref byte status);

    [LibraryImport("libc", EntryPoint = "fstat", SetLastError = true)]
    private static partial int Fstat(SafeFileHandle file, ref byte status);
}
