using System.Buffers.Binary;

namespace ClusterTrail.Agent.Sources.Processes.Kernel;

/// <summary>The types of the running kernel, as it describes them itself (BTF): where a member of a structure is.</summary>
sealed class KernelTypes
{
    public const string DefaultPath = "/sys/kernel/btf/vmlinux";

    const uint Magic = 0xeb9f;
    const int TypeLength = 12;
    const int MemberLength = 12;
    const int MaxDepth = 16;

    readonly byte[] btf;
    readonly int strings;
    // Where each type stands; its number is its place in the list, from 1 on.
    readonly List<int> types = [0];
    readonly Dictionary<string, int> structures = [];
    readonly Dictionary<string, int> enumerators = [];

    /// <param name="btf">The content of <see cref="DefaultPath"/>.</param>
    /// <param name="wanted">The names of structures and enumerations that are asked for; all others are passed over.</param>
    /// <exception cref="InvalidDataException">It is not BTF.</exception>
    public KernelTypes(byte[] btf, IReadOnlySet<string> wanted)
    {
        this.btf = btf;
        if (btf.Length < 24 || U16(0) != Magic)
        {
            throw new InvalidDataException("The kernel's type information is not BTF of this byte order.");
        }

        try
        {
            var start = U32(4);
            strings = checked((int)(start + U32(16)));
            ReadTypes(checked((int)(start + U32(8))), checked((int)U32(12)), wanted);
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("The kernel's type information is cut off.", e);
        }
    }

    /// <summary>How many bytes a member is from the start of its structure; null when there is no such member.</summary>
    /// <param name="path">Members of members with dots between them, such as <c>f_path.dentry</c>.</param>
    public int? Offset(string structure, string path)
    {
        if (!structures.TryGetValue(structure, out var type))
        {
            return null;
        }

        var offset = 0;
        foreach (var name in path.Split('.'))
        {
            if (Find(type, name, 0) is not { } member)
            {
                return null;
            }

            offset += member.Offset;
            type = member.Type;
        }

        return offset;
    }

    /// <summary>The value of a name of an enumeration.</summary>
    public int? Value(string enumerator) => enumerators.TryGetValue(enumerator, out var value) ? value : null;

    void ReadTypes(int start, int length, IReadOnlySet<string> wanted)
    {
        for (var at = start; at < start + length;)
        {
            var info = U32(at + 4);
            var (kind, count) = ((Kind)((info >> 24) & 0x1f), (int)(info & 0xffff));
            types.Add(at);
            if (kind is Kind.Struct or Kind.Enum && IsWanted(U32(at), wanted))
            {
                Note(at, kind, count);
            }

            at += TypeLength + kind switch
            {
                Kind.Int or Kind.Variable or Kind.DeclarationTag => 4,
                Kind.Array => 12,
                Kind.Struct or Kind.Union or Kind.Section or Kind.Enum64 => count * 12,
                Kind.Enum or Kind.Prototype => count * 8,
                _ => 0,
            };
        }
    }

    void Note(int at, Kind kind, int count)
    {
        if (kind == Kind.Struct)
        {
            structures.TryAdd(Text(U32(at)), types.Count - 1);
            return;
        }

        for (var i = 0; i < count; i++)
        {
            enumerators[Text(U32(at + TypeLength + (i * 8)))] = (int)U32(at + TypeLength + (i * 8) + 4);
        }
    }

    // A member of an anonymous structure inside counts as one of the structure's own.
    (int Offset, int Type)? Find(int type, string name, int depth)
    {
        type = Resolve(type);
        var (at, info) = (types[type], U32(types[type] + 4));
        if ((Kind)((info >> 24) & 0x1f) is not (Kind.Struct or Kind.Union) || depth > MaxDepth)
        {
            return null;
        }

        for (var i = 0; i < (info & 0xffff); i++)
        {
            var member = at + TypeLength + (i * MemberLength);
            var (memberName, memberType, bits) = (Text(U32(member)), (int)U32(member + 4), U32(member + 8));
            var offset = (int)(info >> 31 == 1 ? bits & 0xffffff : bits) / 8;
            if (memberName == name)
            {
                return (offset, memberType);
            }

            if (memberName.Length == 0 && Find(memberType, name, depth + 1) is { } inner)
            {
                return (offset + inner.Offset, inner.Type);
            }
        }

        return null;
    }

    // Past names and qualifiers that change no layout.
    int Resolve(int type)
    {
        for (var i = 0; i < MaxDepth; i++)
        {
            var kind = (Kind)((U32(types[type] + 4) >> 24) & 0x1f);
            if (kind is not (Kind.Typedef or Kind.Volatile or Kind.Const or Kind.Restrict or Kind.TypeTag))
            {
                break;
            }

            type = (int)U32(types[type] + 8);
        }

        return type;
    }

    bool IsWanted(uint name, IReadOnlySet<string> wanted) => wanted.Contains(Text(name));

    string Text(uint at)
    {
        var text = btf.AsSpan(checked(strings + (int)at));
        return System.Text.Encoding.ASCII.GetString(text[..text.IndexOf((byte)0)]);
    }

    ushort U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(btf.AsSpan(at));

    uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(btf.AsSpan(at));

    // BTF_KIND_… of linux/btf.h.
    enum Kind
    {
        Int = 1,
        Array = 3,
        Struct = 4,
        Union = 5,
        Enum = 6,
        Typedef = 8,
        Volatile = 9,
        Const = 10,
        Restrict = 11,
        Prototype = 13,
        Variable = 14,
        Section = 15,
        DeclarationTag = 17,
        TypeTag = 18,
        Enum64 = 19,
    }
}
