using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ClusterTrail.Agent.Files;

/// <summary>Folders whose entries survive a power cut.</summary>
static partial class DurableDirectory
{
    public const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    const int OpenDirectoryReadOnly = 0x10000 | 0x80000; // O_DIRECTORY | O_CLOEXEC | O_RDONLY on Linux
    const int WriteAndSearch = 2 | 1; // W_OK | X_OK

    /// <summary>Makes the folder and its missing parents, each with mode 0700 and each on disk before the next.</summary>
    public static void Create(string path)
    {
        if (Directory.Exists(path))
            return;

        var parent = Path.GetDirectoryName(path)!;
        Create(parent);
        Directory.CreateDirectory(path, Mode);
        Flush(parent);
    }

    /// <summary>Syncs the folder's entries to disk: files created, renamed and removed.</summary>
    /// <exception cref="IOException">They are not known to be on disk.</exception>
    // The class library opens files only.
    public static void Flush(string path)
    {
        using var directory = Open(path, OpenDirectoryReadOnly);
        if (!directory.IsInvalid && Sync(directory) == 0)
            return;

        var error = Marshal.GetLastPInvokeError();
        throw new IOException($"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'", error);
    }

    /// <summary>Whether this process may make files in the folder.</summary>
    public static bool IsWritable(string path) => Access(path, WriteAndSearch) == 0;

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle directory);
}
