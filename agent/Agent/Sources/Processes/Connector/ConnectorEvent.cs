using System.Buffers.Binary;

namespace ClusterTrail.Agent.Sources.Processes.Connector;

/// <summary>A message of the process connector: <c>struct proc_event</c> of linux/cn_proc.h in its two envelopes.</summary>
/// <param name="Sequence">Counts the messages of one CPU.</param>
/// <param name="Time">Nanoseconds since the machine started, without sleep.</param>
/// <param name="Pid">The process; of a fork, the one that began another.</param>
/// <param name="Child">Of a fork, the new process; 0 for a new thread.</param>
readonly record struct ConnectorEvent(ConnectorEventKind Kind, uint Cpu, uint Sequence, ulong Time, uint Pid, uint Child)
{
    const int NetlinkHeader = 16;
    const int ConnectorHeader = 20;
    const int Body = NetlinkHeader + ConnectorHeader;
    const int EventHeader = 16;
    const uint Forked = 1;
    const uint Executed = 2;
    const uint Exited = 0x80000000;
    const uint ConnectorIndex = 1;

    /// <summary>False when it is not such a message, or one that says nothing of use.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out ConnectorEvent read)
    {
        read = default;
        if (message.Length < Body + EventHeader + 16 || U32(message, NetlinkHeader) != ConnectorIndex)
        {
            return false;
        }

        var body = message[Body..];
        var (kind, process, thread) = U32(body, 0) switch
        {
            Forked => (ConnectorEventKind.Forked, U32(body, EventHeader + 4), 0u),
            Executed => (ConnectorEventKind.Executed, U32(body, EventHeader + 4), 0u),
            Exited => (ConnectorEventKind.Exited, U32(body, EventHeader + 4), U32(body, EventHeader)),
            _ => (ConnectorEventKind.Other, 0u, 0u),
        };
        var child = kind == ConnectorEventKind.Forked && message.Length >= Body + EventHeader + 16
            && U32(body, EventHeader + 8) == U32(body, EventHeader + 12) ? U32(body, EventHeader + 12) : 0;
        // Of a thread that ends, its process goes on.
        kind = kind == ConnectorEventKind.Exited && thread != process ? ConnectorEventKind.Other : kind;
        read = new(kind, U32(body, 4), U32(message, NetlinkHeader + 8), BinaryPrimitives.ReadUInt64LittleEndian(body[8..]), process, child);
        return true;
    }

    static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
