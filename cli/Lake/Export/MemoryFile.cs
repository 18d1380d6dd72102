using System.Runtime.InteropServices;
using ClusterTrail.History.Reading;
using Microsoft.Win32.SafeHandles;

namespace ClusterTrail.Lake.Export;

/// <summary>A file that is in memory only, for libraries that read paths. It is gone with its handle, however the process ends.</summary>
sealed partial class MemoryFile : IDisposable
{
    const uint CloseOnExec = 1;

    readonly SafeFileHandle handle;

    MemoryFile(SafeFileHandle handle) => this.handle = handle;

    /// <summary>Where this process, and no other, finds it.</summary>
    internal string Path => $"/proc/self/fd/{handle.DangerousGetHandle()}";

    /// <exception cref="TrailException">The system has no such files.</exception>
    internal static MemoryFile Of(byte[] content)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new TrailException(
                ExitCode.BadUsage, "An export in a bucket can be queried on Linux only; copy it, and give the copy's folder as LOCATION.");
        }

        var handle = Create("export", CloseOnExec);
        if (handle.IsInvalid)
            throw new TrailException(ExitCode.Unreadable, $"memfd_create failed with error {Marshal.GetLastPInvokeError()}.");
        RandomAccess.Write(handle, content, fileOffset: 0);
        return new(handle);
    }

    public void Dispose() => handle.Dispose();

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Create(string name, uint flags);
}
