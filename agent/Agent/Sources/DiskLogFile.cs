using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ClusterTrail.Agent.Sources;

/// <summary>An open file on a disk.</summary>
sealed partial class DiskLogFile : ILogFile
{
    // O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC on Linux: a pipe without a writer does not keep the agent waiting.
    const int ReadFlags = 0x800 | 0x100 | 0x80000;
    const int NoSuchFile = 2;
    const int NotADirectory = 20;
    const int NoSuchDevice = 6;
    const int Denied = 13;
    const int NotPermitted = 1;
    const int SeekData = 3;

    readonly SafeFileHandle handle;

    DiskLogFile(SafeFileHandle handle, FileNumber number) => (this.handle, Number) = (handle, number);

    public FileNumber Number { get; }

    public long Length => RandomAccess.GetLength(handle);

    /// <summary>Opens a file; null when there is none.</summary>
    /// <exception cref="IOException">It may not be read, or is no regular file.</exception>
    public static DiskLogFile? Open(string path)
    {
        var handle = Open(path, ReadFlags);
        if (handle.IsInvalid)
        {
            var error = Marshal.GetLastPInvokeError();
            handle.Dispose();
            return error is NoSuchFile or NotADirectory ? null : throw new IOException(Describe(path, error));
        }

        return Of(handle, path);
    }

    /// <summary>Takes over what is open.</summary>
    /// <exception cref="IOException">It is no regular file, and closed.</exception>
    public static DiskLogFile Of(SafeFileHandle handle, string path)
    {
        var status = FileStatus.Of(handle);
        if (status.Kind == FileKind.Regular)
        {
            return new(handle, status.Number);
        }

        handle.Dispose();
        throw new IOException($"{path} is no regular file.");
    }

    public int Read(Span<byte> buffer, long offset) => RandomAccess.Read(handle, buffer, offset);

    public long NextData(long offset)
    {
        var length = Length;
        if (offset >= length)
        {
            return offset;
        }

        var next = Seek(handle, offset, SeekData);
        // Nothing but a hole up to the end; a file system without holes knows no such error, and says that all is data.
        return next >= 0 ? next : Marshal.GetLastPInvokeError() == NoSuchDevice ? length : offset;
    }

    public void Dispose() => handle.Dispose();

    static string Describe(string path, int error)
    {
        var reason = Marshal.GetPInvokeErrorMessage(error);
        return error is Denied or NotPermitted
            ? $"{path} may not be read: {reason}. Give the agent the capability DAC_READ_SEARCH, or let its user read the file."
            : $"{path} cannot be opened: {reason}.";
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(SafeFileHandle file, long offset, int whence);
}
