using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ClusterTrail.Agent.Sources.Processes.Kernel;

namespace ClusterTrail.Agent.Sources.Processes.Connector;

/// <summary>A socket that receives what the kernel's process connector reports (NETLINK_CONNECTOR, CN_IDX_PROC).</summary>
sealed partial class ConnectorSocket : IDisposable
{
    /// <summary>Messages were lost, because nobody received them in time.</summary>
    public const int Overrun = -105;

    const int Netlink = 16;
    const int Datagram = 2 | 0x80000; // SOCK_CLOEXEC
    const int Connector = 11;
    const int ProcessGroup = 1;
    const int Listen = 1;
    const int SocketLevel = 1;
    const int ReceiveBuffer = 8;
    const int ReceiveTimeout = 20;
    const int BufferBytes = 4 << 20;

    readonly int file;

    /// <exception cref="KernelException">There is none, or the agent may not listen.</exception>
    public ConnectorSocket(TimeSpan timeout)
    {
        file = Check(Socket(Netlink, Datagram, Connector));
        try
        {
            Span<byte> address = stackalloc byte[12];
            address.Clear();
            BinaryPrimitives.WriteUInt16LittleEndian(address, Netlink);
            BinaryPrimitives.WriteUInt32LittleEndian(address[8..], ProcessGroup);
            Check(Bind(file, address, address.Length));
            // The kernel takes as much of it as it allows.
            Span<byte> size = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(size, BufferBytes);
            _ = SetOption(file, SocketLevel, ReceiveBuffer, size, size.Length);
            Span<byte> wait = stackalloc byte[16];
            wait.Clear();
            BinaryPrimitives.WriteInt64LittleEndian(wait[8..], (long)timeout.TotalMicroseconds);
            Check(SetOption(file, SocketLevel, ReceiveTimeout, wait, wait.Length));
            Subscribe();
        }
        catch (KernelException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The length of the next message; 0 when none came in time; <see cref="Overrun"/>.</summary>
    public int Receive(Span<byte> message)
    {
        var length = Receive(file, message, message.Length, 0);
        return length >= 0 ? (int)length : Marshal.GetLastPInvokeError() == -Overrun ? Overrun : 0;
    }

    public void Dispose() => Close(file);

    void Subscribe()
    {
        Span<byte> message = stackalloc byte[40];
        message.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message[4..], 3); // NLMSG_DONE
        BinaryPrimitives.WriteInt32LittleEndian(message[12..], Environment.ProcessId);
        BinaryPrimitives.WriteInt32LittleEndian(message[16..], ProcessGroup); // CN_IDX_PROC
        BinaryPrimitives.WriteInt32LittleEndian(message[20..], 1); // CN_VAL_PROC
        BinaryPrimitives.WriteUInt16LittleEndian(message[32..], sizeof(int));
        BinaryPrimitives.WriteInt32LittleEndian(message[36..], Listen);
        Check((int)Send(file, message, message.Length, 0));
    }

    static int Check(int result) =>
        result >= 0 ? result : throw new KernelException("the process connector cannot be used", Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int file, ReadOnlySpan<byte> address, int length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(int file, int level, int option, ReadOnlySpan<byte> value, int length);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(int file, ReadOnlySpan<byte> message, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(int file, Span<byte> message, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial void Close(int file);
}
