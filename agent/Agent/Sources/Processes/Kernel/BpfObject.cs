using System.Buffers.Binary;
using System.Text;

namespace ClusterTrail.Agent.Sources.Processes.Kernel;

/// <summary>A compiled program: an ELF file with one section of code, one of maps, and where the code refers to them.</summary>
/// <remarks>Assumptions: it is our own object, little-endian, without functions that are called and without data.</remarks>
sealed class BpfObject
{
    public const int InstructionLength = 8;

    const string ProgramPrefix = "raw_tracepoint/";
    const int MapLength = 16;
    const int SymbolLength = 24;
    const int RelocationLength = 16;
    const byte MapByHandle = 1;

    readonly byte[] elf;
    readonly Dictionary<string, Section> sections = [];
    readonly List<(int Offset, int Symbol)> references = [];

    public BpfObject(byte[] elf)
    {
        this.elf = elf;
        if (elf.Length < 64 || !elf.AsSpan().StartsWith("\u007fELF\u0002\u0001"u8))
        {
            throw new InvalidDataException("The program is not a 64-bit little-endian ELF object.");
        }

        ReadSections();
        var code = sections.Keys.First(name => name.StartsWith(ProgramPrefix, StringComparison.Ordinal));
        Tracepoint = code[ProgramPrefix.Length..];
        Code = Bytes(sections[code]).ToArray();
        License = Bytes(sections["license"]).ToArray();
        ReadReferences(sections[".rel" + code]);
        Maps = [.. Enumerable.Range(0, sections["maps"].Length / MapLength).Select(ReadMap)];
    }

    /// <summary>Where the program runs.</summary>
    public string Tracepoint { get; }

    /// <summary>What the author allows, with its NUL.</summary>
    public byte[] License { get; }

    public IReadOnlyList<BpfMap> Maps { get; }

    byte[] Code { get; }

    /// <summary>The code with the maps in it.</summary>
    /// <param name="handle">The open file of a map, by its name.</param>
    public byte[] Link(Func<string, int> handle)
    {
        var linked = Code.ToArray();
        foreach (var (offset, symbol) in references)
        {
            // A load of 64 bits: its source says that the number is an open file.
            linked[offset + 1] = (byte)((linked[offset + 1] & 0x0f) | (MapByHandle << 4));
            BinaryPrimitives.WriteInt32LittleEndian(linked.AsSpan(offset + 4), handle(SymbolName(symbol)));
        }

        return linked;
    }

    void ReadSections()
    {
        var header = (int)U64(40);
        var (size, count, names) = (U16(58), U16(60), U16(62));
        var nameTable = (int)U64(header + (names * size) + 24);
        for (var at = 0; at < count; at++)
        {
            var from = header + (at * size);
            sections[Text(nameTable + (int)U32(from))] = new((int)U64(from + 24), (int)U64(from + 32), at);
        }
    }

    void ReadReferences(Section relocations)
    {
        for (var at = 0; at < relocations.Length; at += RelocationLength)
        {
            references.Add(((int)U64(relocations.Offset + at), (int)U32(relocations.Offset + at + 12)));
        }
    }

    BpfMap ReadMap(int number)
    {
        var (maps, symbols) = (sections["maps"], sections[".symtab"]);
        var at = maps.Offset + (number * MapLength);
        for (var symbol = 0; symbol < symbols.Length / SymbolLength; symbol++)
        {
            var entry = symbols.Offset + (symbol * SymbolLength);
            if (U16(entry + 6) == maps.Number && U64(entry + 8) == (ulong)(number * MapLength))
            {
                return new(SymbolName(symbol), U32(at), U32(at + 4), U32(at + 8), U32(at + 12));
            }
        }

        throw new InvalidDataException($"Map {number} of the program has no name.");
    }

    string SymbolName(int symbol) =>
        Text(sections[".strtab"].Offset + (int)U32(sections[".symtab"].Offset + (symbol * SymbolLength)));

    ReadOnlySpan<byte> Bytes(Section section) => elf.AsSpan(section.Offset, section.Length);

    string Text(int at) => Encoding.ASCII.GetString(elf.AsSpan(at)[..elf.AsSpan(at).IndexOf((byte)0)]);

    ushort U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(elf.AsSpan(at));

    uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(elf.AsSpan(at));

    ulong U64(int at) => BinaryPrimitives.ReadUInt64LittleEndian(elf.AsSpan(at));

    readonly record struct Section(int Offset, int Length, int Number);
}
