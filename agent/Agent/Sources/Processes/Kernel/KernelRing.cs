using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ClusterTrail.Agent.Sources.Processes.Kernel;

/// <summary>The reading end of a ring that the kernel writes to (BPF_MAP_TYPE_RINGBUF).</summary>
sealed unsafe partial class KernelRing : IDisposable
{
    const int HeaderLength = 8;
    const uint Busy = 1u << 31;
    const uint Discarded = 1u << 30;
    const int ReadWrite = 3;
    const int ReadOnly = 1;
    const int Shared = 1;
    const short Readable = 1;

    readonly SafeFileHandle map;
    readonly nint length;
    readonly nint page = Environment.SystemPageSize;
    readonly byte* consumer;
    readonly byte* producer;

    public KernelRing(SafeFileHandle map, uint length)
    {
        (this.map, this.length) = (map, (nint)length);
        consumer = Map(page, ReadWrite, 0);
        // The content is mapped twice in a row, so that no record is cut at the end.
        producer = Map(page + (2 * this.length), ReadOnly, page);
    }

    /// <summary>Waits until there is something to read; false when nothing came in time.</summary>
    public bool Wait(TimeSpan atMost)
    {
        var poll = new PollFile { File = (int)map.DangerousGetHandle(), Events = Readable };
        return Poll(&poll, 1, (int)atMost.TotalMilliseconds) > 0;
    }

    /// <summary>Hands out the records that are there, so many at most.</summary>
    public int Drain(KernelRecordHandler handler, int most)
    {
        var content = producer + page;
        var position = Volatile.Read(ref *(long*)consumer);
        var count = 0;
        while (count < most && position < Volatile.Read(ref *(long*)producer))
        {
            var record = content + (position & (length - 1));
            var header = Volatile.Read(ref *(uint*)record);
            if ((header & Busy) != 0)
            {
                break;
            }

            var size = (int)(header & ~(Busy | Discarded));
            if ((header & Discarded) == 0)
            {
                handler(new(record + HeaderLength, size));
                count++;
            }

            position += (HeaderLength + size + 7) & ~7;
            Volatile.Write(ref *(long*)consumer, position);
        }

        return count;
    }

    public void Dispose()
    {
        Unmap(consumer, page);
        Unmap(producer, page + (2 * length));
    }

    byte* Map(nint size, int protection, nint offset)
    {
        var address = MapMemory(0, size, protection, Shared, map, offset);
        return address != -1 ? (byte*)address : throw new KernelException("the ring cannot be read", Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint MapMemory(nint address, nint length, int protection, int flags, SafeFileHandle file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial void Unmap(void* address, nint length);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(PollFile* files, nuint count, int milliseconds);

    /// <summary><c>struct pollfd</c>.</summary>
    struct PollFile
    {
        public int File;
        public short Events;
        public short Found;
    }
}
