using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;
using ClusterTrail.Agent.Sources.Journal;

namespace ClusterTrail.Agent.Sources.Admission;

/// <summary>The bytes of <see cref="HeldReviews"/>: a file that is mapped into memory, so that it is there after a SIGKILL.</summary>
/// <remarks>Each number is written by one store, and what makes others count is written last.</remarks>
sealed class HeldFile : IDisposable
{
    public const int Places = 1 << 14;
    public const int Areas = 2;

    const long Mark = 0x3230_4d44_4154_4c43; // "CLTADM02"
    const int IdOffset = 8;
    const int GenerationOffset = 16;
    const int ActiveOffset = 24;
    const int AreasOffset = 32;
    const int AreaBytes = 40;
    const int HeaderBytes = 128;
    const int PlaceBytes = 56;
    const int KeyOffset = 16;
    const int PlaceGenerationOffset = 48;
    const long FileBytes = HeaderBytes + ((long)Places * PlaceBytes);

    readonly MemoryMappedFile file;
    readonly MemoryMappedViewAccessor view;

    /// <exception cref="IOException">It cannot be opened, or the disk has no room for it.</exception>
    public HeldFile(string path)
    {
        var hasOther = File.Exists(path) && new FileInfo(path).Length != FileBytes;
        if (hasOther || !File.Exists(path))
            Allocate(path);
        file = MemoryMappedFile.CreateFromFile(path, FileMode.Open);
        view = file.CreateViewAccessor(0, FileBytes);
        WasDamaged = hasOther || view.ReadInt64(0) is not (0 or Mark);
        if (view.ReadInt64(0) != Mark)
            Begin();
    }

    /// <summary>Whether it is begun anew, and nobody can know what was in it.</summary>
    public bool WasDamaged { get; }

    /// <summary>No other file has it.</summary>
    public long Id => view.ReadInt64(IdOffset);

    /// <summary>The area that takes losses now.</summary>
    public int Active
    {
        get => (int)(view.ReadInt64(ActiveOffset) & 1);
        set => view.Write(ActiveOffset, (long)value);
    }

    public long NextGeneration()
    {
        var next = view.ReadInt64(GenerationOffset) + 1;
        view.Write(GenerationOffset, next);
        return next;
    }

    public (Losses Losses, long Generation) ReadArea(int area)
    {
        var at = AreasOffset + (area * AreaBytes);
        return (new(view.ReadInt64(at), view.ReadInt64(at + 8), Time(at + 16), Time(at + 24)), view.ReadInt64(at + 32));
    }

    public void WriteArea(int area, Losses losses, long generation)
    {
        var at = AreasOffset + (area * AreaBytes);
        view.Write(at + 8, losses.Bytes);
        view.Write(at + 16, losses.Since.ToUnixTimeMilliseconds());
        view.Write(at + 24, losses.Until.ToUnixTimeMilliseconds());
        view.Write(at + 32, generation);
        Thread.MemoryBarrier();
        view.Write(at, losses.Events);
    }

    public void ClearArea(int area) => view.Write(AreasOffset + (area * AreaBytes), 0L);

    public void WritePlace(int place, GroupKey key, int bytes, DateTimeOffset at)
    {
        var offset = OffsetOf(place);
        view.Write(offset + 8, at.ToUnixTimeMilliseconds());
        view.Write(offset + KeyOffset, key.A);
        view.Write(offset + KeyOffset + 8, key.B);
        view.Write(offset + KeyOffset + 16, key.C);
        view.Write(offset + KeyOffset + 24, key.D);
        view.Write(offset + PlaceGenerationOffset, 0L);
        Thread.MemoryBarrier();
        view.Write(offset, (long)bytes);
    }

    public void ClearPlace(int place) => view.Write(OffsetOf(place), 0L);

    public bool IsTaken(int place) => view.ReadInt64(OffsetOf(place)) != 0;

    public (GroupKey Key, long Bytes, DateTimeOffset At) ReadPlace(int place)
    {
        var at = OffsetOf(place) + KeyOffset;
        return (
            new(view.ReadUInt64(at), view.ReadUInt64(at + 8), view.ReadUInt64(at + 16), view.ReadUInt64(at + 24)),
            Math.Max(0, view.ReadInt64(OffsetOf(place))), Time(OffsetOf(place) + 8));
    }

    /// <summary>With which others the review of a place is declared lost; 0 before.</summary>
    public long GenerationOf(int place) => view.ReadInt64(OffsetOf(place) + PlaceGenerationOffset);

    public void SetGeneration(int place, long generation) => view.Write(OffsetOf(place) + PlaceGenerationOffset, generation);

    public void Dispose()
    {
        view.Dispose();
        file.Dispose();
    }

    static long OffsetOf(int place) => HeaderBytes + ((long)place * PlaceBytes);

    // All of it: a write to memory for which the disk has no room would end the process.
    static void Allocate(string path)
    {
        var whole = $"{path}.tmp";
        File.Delete(whole);
        using (var made = File.OpenHandle(whole, FileMode.CreateNew, FileAccess.ReadWrite, preallocationSize: FileBytes))
        {
            File.SetUnixFileMode(made, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            RandomAccess.Write(made, new byte[FileBytes], 0);
        }

        File.Move(whole, path, overwrite: true);
    }

    void Begin()
    {
        for (var offset = 0L; offset < FileBytes; offset += 8)
            view.Write(offset, 0L);
        view.Write(IdOffset, BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)));
        view.Write(0, Mark);
    }

    // What a damaged disk says may be no time.
    DateTimeOffset Time(long offset) => DateTimeOffset.FromUnixTimeMilliseconds(
        Math.Clamp(view.ReadInt64(offset), 0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
}
