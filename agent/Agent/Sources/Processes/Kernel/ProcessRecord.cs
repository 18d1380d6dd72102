using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ClusterTrail.Agent.Sources.Processes.Kernel;

/// <summary>One exec as processes.bpf.c describes it: <c>struct event</c>, then its texts.</summary>
readonly ref struct ProcessRecord
{
    public const int MaxAncestors = 8;
    public const int MaxArguments = 8192;
    public const int MaxFileName = 512;
    public const int MaxText = 1024;
    public const int CommandLength = 16;
    public const int AncestorLength = 32;
    public const int ChainOffset = 112;
    public const int HeaderLength = ChainOffset + (MaxAncestors * AncestorLength);

    readonly ReadOnlySpan<byte> bytes;

    ProcessRecord(ReadOnlySpan<byte> bytes) => this.bytes = bytes;

    public uint Pid => U32(4);

    public uint ParentPid => U32(8);

    public ProcessFlags Flags => (ProcessFlags)U32(12);

    public uint UserId => U32(16);

    public uint GroupId => U32(20);

    public uint EffectiveUserId => U32(24);

    public uint EffectiveGroupId => U32(28);

    /// <summary>When it was executed, in nanoseconds since the machine started.</summary>
    public ulong Time => U64(32);

    /// <summary>When the process began, on the same clock.</summary>
    public ulong Started => U64(40);

    /// <summary>The effective capabilities, a bit each.</summary>
    public ulong Capabilities => U64(48);

    /// <summary>How many bytes the arguments have in truth, each with its NUL.</summary>
    public ulong ArgumentBytes => U64(56);

    /// <summary>How many arguments there are in truth.</summary>
    public uint ArgumentCount => U32(64);

    public ReadOnlySpan<byte> Command => UpToNul(bytes.Slice(80, CommandLength));

    public int Ancestors => U16(68);

    /// <summary>The path as it was given to execve(2): relative, perhaps, or that of a script.</summary>
    public ReadOnlySpan<byte> FileName => UpToNul(Texts(0, U16(70)));

    /// <summary>The names of the running file's path, innermost first, each with its NUL.</summary>
    public ReadOnlySpan<byte> PathNames => Texts(U16(70), U16(72));

    /// <summary>The names of the control group's path, innermost first, each with its NUL; the last, the root's, is empty.</summary>
    public ReadOnlySpan<byte> CgroupNames => Texts(U16(70) + U16(72), U16(74));

    /// <summary>The names of the parent's control group, if that is another one.</summary>
    public ReadOnlySpan<byte> ParentCgroupNames => Texts(U16(70) + U16(72) + U16(74), U16(78));

    /// <summary>As many of the arguments as fit, each with its NUL.</summary>
    public ReadOnlySpan<byte> Arguments => Texts(U16(70) + U16(72) + U16(74) + U16(78), U16(76));

    /// <summary>The id of its mount namespace; 0 when nobody knows.</summary>
    public ulong Mounts => U64(96);

    /// <summary>The id of its parent's mount namespace; 0 when nobody knows.</summary>
    public ulong ParentMounts => U64(104);

    /// <summary>False when the bytes are not a record: its length and the lengths in it do not agree.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ProcessRecord record)
    {
        record = default;
        if (bytes.Length < HeaderLength || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != bytes.Length)
        {
            return false;
        }

        var read = new ProcessRecord(bytes);
        var texts = read.U16(70) + read.U16(72) + read.U16(74) + read.U16(76) + read.U16(78);
        if (HeaderLength + texts != bytes.Length || read.Ancestors > MaxAncestors)
        {
            return false;
        }

        record = read;
        return true;
    }

    /// <summary>A process above it: 0 is its parent.</summary>
    public ProcessAncestor Ancestor(int at)
    {
        var one = bytes.Slice(ChainOffset + (at * AncestorLength), AncestorLength);
        return new(
            MemoryMarshal.Read<uint>(one), MemoryMarshal.Read<ulong>(one[8..]), UpToNul(one.Slice(16, CommandLength)));
    }

    static ReadOnlySpan<byte> UpToNul(ReadOnlySpan<byte> text) => text.IndexOf((byte)0) is >= 0 and var end ? text[..end] : text;

    ReadOnlySpan<byte> Texts(int from, int length) => bytes.Slice(HeaderLength + from, length);

    ushort U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    ulong U64(int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
}
