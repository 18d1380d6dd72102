using System.Buffers.Binary;

namespace ClusterTrail.Agent.Sources.Processes.Kernel;

/// <summary>Writes a record as processes.bpf.c does, for what is learned of a process in another way.</summary>
sealed class ProcessRecordWriter
{
    const int PathAndGroups = 3 * (ProcessRecord.MaxText + 256);

    readonly byte[] bytes = new byte[
        ProcessRecord.HeaderLength + ProcessRecord.MaxFileName + PathAndGroups + ProcessRecord.MaxArguments];

    int end;

    /// <summary>The record, once all its texts are there in their order.</summary>
    public ReadOnlySpan<byte> Written
    {
        get
        {
            Put(0, (uint)end);
            return bytes.AsSpan(0, end);
        }
    }

    public void Begin(uint pid, ProcessFlags flags, ulong time, ulong started, ReadOnlySpan<byte> command)
    {
        bytes.AsSpan(0, ProcessRecord.HeaderLength).Clear();
        end = ProcessRecord.HeaderLength;
        Put(4, pid);
        Put(12, (uint)flags);
        Put(32, time);
        Put(40, started);
        Command(command).CopyTo(bytes.AsSpan(80));
    }

    public void Rights(uint uid, uint gid, uint effectiveUid, uint effectiveGid, ulong capabilities)
    {
        Put(16, uid);
        Put(20, gid);
        Put(24, effectiveUid);
        Put(28, effectiveGid);
        Put(48, capabilities);
    }

    /// <summary>The next process above; more than fit are left out.</summary>
    public void Ancestor(uint pid, ulong started, ReadOnlySpan<byte> command)
    {
        var count = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(68));
        if (count == ProcessRecord.MaxAncestors)
        {
            return;
        }

        var at = ProcessRecord.ChainOffset + (count * ProcessRecord.AncestorLength);
        Put(at, pid);
        Put(at + 8, started);
        Command(command).CopyTo(bytes.AsSpan(at + 16));
        Put(68, (ushort)(count + 1));
        if (count == 0)
        {
            Put(8, pid);
        }
    }

    /// <summary>The first text.</summary>
    public void FileName(ReadOnlySpan<byte> name) => Text(70, name[..Math.Min(name.Length, ProcessRecord.MaxFileName - 1)], withNul: true);

    /// <summary>The second text: the names of the running file's path.</summary>
    public void Path(ReadOnlySpan<byte> path) => Put(72, Names(path));

    /// <summary>The third text: the names of the control group.</summary>
    public void Cgroup(ReadOnlySpan<byte> path)
    {
        var length = Names(path);
        bytes[end++] = 0;
        Put(74, (ushort)(length + 1));
    }

    /// <summary>The fourth text: the names of the parent's control group, if that is another one.</summary>
    public void ParentCgroup(ReadOnlySpan<byte> path)
    {
        var length = Names(path);
        bytes[end++] = 0;
        Put(78, (ushort)(length + 1));
    }

    /// <summary>The ids of the mount namespaces; 0 for one that is not known.</summary>
    public void Mounts(ulong own, ulong ofParent)
    {
        Put(96, own);
        Put(104, ofParent);
    }

    /// <summary>The last text: as many of the arguments as fit.</summary>
    /// <param name="arguments">Each with its NUL.</param>
    /// <param name="count">How many there are in truth.</param>
    /// <param name="length">How many bytes they have in truth.</param>
    public void Arguments(ReadOnlySpan<byte> arguments, int count, long length)
    {
        Put(56, (ulong)length);
        Put(64, (uint)count);
        Text(76, arguments[..Math.Min(arguments.Length, ProcessRecord.MaxArguments)], withNul: false);
    }

    static ReadOnlySpan<byte> Command(ReadOnlySpan<byte> name) => name[..Math.Min(name.Length, ProcessRecord.CommandLength - 1)];

    // Innermost first, as the kernel finds them; the outermost are left out when there are too many.
    ushort Names(ReadOnlySpan<byte> path)
    {
        var start = end;
        while (path.LastIndexOf((byte)'/') is >= 0 and var slash && end - start + path.Length - slash <= ProcessRecord.MaxText)
        {
            if (slash + 1 < path.Length)
            {
                path[(slash + 1)..].CopyTo(bytes.AsSpan(end));
                end += path.Length - slash - 1;
                bytes[end++] = 0;
            }

            path = path[..slash];
        }

        return (ushort)(end - start);
    }

    void Text(int lengthAt, ReadOnlySpan<byte> text, bool withNul)
    {
        text.CopyTo(bytes.AsSpan(end));
        end += text.Length;
        if (withNul)
        {
            bytes[end++] = 0;
        }

        Put(lengthAt, (ushort)(text.Length + (withNul ? 1 : 0)));
    }

    void Put(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), value);

    void Put(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);

    void Put(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), value);
}
