using Microsoft.Win32.SafeHandles;

namespace ClusterTrail.Agent.Sources;

/// <summary>An open file on a disk.</summary>
sealed class DiskLogFile(SafeFileHandle handle) : ILogFile
{
    public FileNumber Number { get; } = FileStatus.Of(handle).Number;

    public long Length => RandomAccess.GetLength(handle);

    public int Read(Span<byte> buffer, long offset) => RandomAccess.Read(handle, buffer, offset);

    public void Dispose() => handle.Dispose();
}
