using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ClusterTrail.Agent.Sources.Processes.Kernel;

/// <summary>The commands of bpf(2) that loading and reading one program take.</summary>
/// <remarks>Structures are as in linux/bpf.h: the same on every architecture. Fields of newer kernels are 0.</remarks>
static unsafe partial class Bpf
{
    public const int PermissionDenied = 1;

    const int MapCreate = 0;
    const int MapLookup = 1;
    const int MapUpdate = 2;
    const int ProgramLoad = 5;
    const int Info = 15;
    const int RawTracepointOpen = 17;
    const int RawTracepoint = 17;
    const int AttributeLength = 128;
    const int MissedOffset = 208;
    const int LogLength = 1 << 20;

    // linux/bpf.h has no number of its own system call: that is the architecture's.
    static readonly nint Number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 280 : 321;

    public static SafeFileHandle CreateMap(BpfMap map)
    {
        var attribute = stackalloc uint[AttributeLength / sizeof(uint)];
        new Span<uint>(attribute, AttributeLength / sizeof(uint)).Clear();
        (attribute[0], attribute[1], attribute[2], attribute[3]) = (map.Type, map.KeySize, map.ValueSize, map.Entries);
        return Handle(Call(MapCreate, attribute), $"the map \"{map.Name}\" cannot be made");
    }

    /// <exception cref="KernelException">The kernel refused.</exception>
    public static void Update(SafeFileHandle map, uint key, ReadOnlySpan<byte> value)
    {
        fixed (byte* bytes = value)
        {
            CheckElement(MapUpdate, map, &key, bytes);
        }
    }

    /// <summary>Reads the value of a key; of a map with a value for each CPU, all of them.</summary>
    public static void Lookup(SafeFileHandle map, uint key, Span<byte> value)
    {
        fixed (byte* bytes = value)
        {
            CheckElement(MapLookup, map, &key, bytes);
        }
    }

    /// <summary>Loads a program for a raw tracepoint: the kernel proves that it ends and reads only what it may.</summary>
    /// <exception cref="KernelException">The kernel refused; the message has the end of its reasons.</exception>
    public static SafeFileHandle Load(ReadOnlySpan<byte> instructions, ReadOnlySpan<byte> license)
    {
        var loaded = TryLoad(instructions, license, []);
        if (loaded >= 0)
        {
            return new(loaded, ownsHandle: true);
        }

        var error = Marshal.GetLastPInvokeError();
        // The proof as a text is long, so only a failure asks for it.
        var log = new byte[LogLength];
        if (error != PermissionDenied && TryLoad(instructions, license, log) is >= 0 and var second)
        {
            return new(second, ownsHandle: true);
        }

        var text = System.Text.Encoding.UTF8.GetString(log).TrimEnd('\0', '\n');
        throw new KernelException("the program is refused", error, text.Length > 300 ? text[^300..] : text);
    }

    public static SafeFileHandle Attach(SafeFileHandle program, string tracepoint)
    {
        var name = Marshal.StringToCoTaskMemUTF8(tracepoint);
        try
        {
            var attribute = stackalloc ulong[AttributeLength / sizeof(ulong)];
            new Span<ulong>(attribute, AttributeLength / sizeof(ulong)).Clear();
            (attribute[0], attribute[1]) = ((ulong)name, Number32(program));
            return Handle(Call(RawTracepointOpen, attribute), $"the tracepoint {tracepoint} cannot be used");
        }
        finally
        {
            Marshal.FreeCoTaskMem(name);
        }
    }

    /// <summary>How often the kernel did not run the program, because it ran already on that CPU.</summary>
    public static long Missed(SafeFileHandle program)
    {
        var info = stackalloc byte[256];
        new Span<byte>(info, 256).Clear();
        var attribute = stackalloc ulong[AttributeLength / sizeof(ulong)];
        new Span<ulong>(attribute, AttributeLength / sizeof(ulong)).Clear();
        (attribute[0], attribute[1]) = (Number32(program) | (256UL << 32), (ulong)info);
        return Call(Info, attribute) < 0 ? 0 : *(long*)(info + MissedOffset);
    }

    static int TryLoad(ReadOnlySpan<byte> instructions, ReadOnlySpan<byte> license, Span<byte> log)
    {
        var attribute = stackalloc ulong[AttributeLength / sizeof(ulong)];
        new Span<ulong>(attribute, AttributeLength / sizeof(ulong)).Clear();
        fixed (byte* code = instructions, terms = license, text = log)
        {
            attribute[0] = RawTracepoint | ((ulong)(instructions.Length / BpfObject.InstructionLength) << 32);
            (attribute[1], attribute[2]) = ((ulong)code, (ulong)terms);
            (attribute[3], attribute[4]) = (log.IsEmpty ? 0 : 1 | ((ulong)log.Length << 32), (ulong)text);
            return Call(ProgramLoad, attribute);
        }
    }

    static void CheckElement(int command, SafeFileHandle map, uint* key, byte* value)
    {
        var attribute = stackalloc ulong[AttributeLength / sizeof(ulong)];
        new Span<ulong>(attribute, AttributeLength / sizeof(ulong)).Clear();
        (attribute[0], attribute[1], attribute[2]) = (Number32(map), (ulong)key, (ulong)value);
        if (Call(command, attribute) < 0)
        {
            throw new KernelException("a map cannot be used", Marshal.GetLastPInvokeError());
        }
    }

    static SafeFileHandle Handle(int result, string failure) =>
        result >= 0 ? new(result, ownsHandle: true) : throw new KernelException(failure, Marshal.GetLastPInvokeError());

    static ulong Number32(SafeFileHandle handle) => (uint)handle.DangerousGetHandle();

    static int Call(int command, void* attribute) => (int)SystemCall(Number, command, attribute, AttributeLength);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint command, void* attribute, nint length);
}
