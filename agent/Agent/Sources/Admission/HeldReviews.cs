using System.IO.MemoryMappedFiles;
using ClusterTrail.Agent.Sources.Journal;

namespace ClusterTrail.Agent.Sources.Admission;

/// <summary>Which reviews are answered and not on disk yet, in a file that is mapped into memory: it is there after a SIGKILL.</summary>
/// <remarks>
/// Guarantee: what <see cref="TryTake"/> noted is found by the next start, unless it was returned. Caveat: nothing is synced, so a power cut
/// may take it along. One thread at a time uses it.
/// </remarks>
sealed class HeldReviews : IDisposable
{
    public const int Places = 1 << 14;

    const long Mark = 0x3130_4d44_4154_4c43; // "CLTADM01"
    const int HeaderBytes = 64;
    const int PlaceBytes = 48;
    const int KeyOffset = 16;
    const int LostOffset = 16;
    const long FileBytes = HeaderBytes + ((long)Places * PlaceBytes);

    readonly MemoryMappedFile file;
    readonly MemoryMappedViewAccessor view;
    readonly Stack<int> free = new();
    readonly List<int> left = [];

    /// <exception cref="IOException">It cannot be opened, or the disk has no room for it.</exception>
    public HeldReviews(string path)
    {
        // All of it is allocated: a write to memory for which the disk has no room would end the process.
        if (!File.Exists(path) || new FileInfo(path).Length != FileBytes)
        {
            (WasDamaged, var allocated) = (File.Exists(path), $"{path}.tmp");
            File.Delete(allocated);
            using (var made = File.OpenHandle(allocated, FileMode.CreateNew, FileAccess.ReadWrite, preallocationSize: FileBytes))
            {
                File.SetUnixFileMode(made, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                RandomAccess.Write(made, new byte[FileBytes], 0);
            }

            File.Move(allocated, path, overwrite: true);
        }

        file = MemoryMappedFile.CreateFromFile(path, FileMode.Open);
        view = file.CreateViewAccessor(0, FileBytes);
        WasDamaged |= view.ReadInt64(0) is not (0 or Mark);
        if (WasDamaged)
            Clear();
        view.Write(0, Mark);
        FindLeft();
    }

    /// <summary>Whether nobody can know what an earlier run left.</summary>
    public bool WasDamaged { get; }

    /// <summary>What an earlier run left.</summary>
    public IReadOnlyList<HeldReview> Left => [.. left.Select(ReadPlace)];

    /// <summary>What was lost for want of room and is not declared yet.</summary>
    public Losses Lost
    {
        get => new(view.ReadInt64(LostOffset), view.ReadInt64(LostOffset + 8), Time(LostOffset + 16), Time(LostOffset + 24));
        set
        {
            view.Write(LostOffset, value.Events);
            view.Write(LostOffset + 8, value.Bytes);
            view.Write(LostOffset + 16, value.Since.ToUnixTimeMilliseconds());
            view.Write(LostOffset + 24, value.Until.ToUnixTimeMilliseconds());
        }
    }

    /// <summary>Notes a review; false when all places are taken.</summary>
    public bool TryTake(GroupKey key, int bytes, DateTimeOffset at, out int place)
    {
        if (!free.TryPop(out place))
            return false;
        var offset = OffsetOf(place);
        view.Write(offset + 8, at.ToUnixTimeMilliseconds());
        view.Write(offset + KeyOffset, key.A);
        view.Write(offset + KeyOffset + 8, key.B);
        view.Write(offset + KeyOffset + 16, key.C);
        view.Write(offset + KeyOffset + 24, key.D);
        // Last: the place counts from here on.
        Thread.MemoryBarrier();
        view.Write(offset, (long)bytes);
        return true;
    }

    /// <summary>It is on disk.</summary>
    public void Return(int place)
    {
        view.Write(OffsetOf(place), 0L);
        free.Push(place);
    }

    /// <summary>What an earlier run left is dealt with.</summary>
    public void ForgetLeft()
    {
        foreach (var place in left)
            Return(place);
        left.Clear();
    }

    public void Dispose()
    {
        view.Dispose();
        file.Dispose();
    }

    static long OffsetOf(int place) => HeaderBytes + ((long)place * PlaceBytes);

    void Clear()
    {
        for (var offset = 0L; offset < FileBytes; offset += 8)
            view.Write(offset, 0L);
    }

    void FindLeft()
    {
        for (var place = Places - 1; place >= 0; place--)
        {
            if (view.ReadInt64(OffsetOf(place)) == 0)
                free.Push(place);
            else
                left.Add(place);
        }
    }

    HeldReview ReadPlace(int place)
    {
        var offset = OffsetOf(place);
        var key = new GroupKey(
            view.ReadUInt64(offset + KeyOffset), view.ReadUInt64(offset + KeyOffset + 8), view.ReadUInt64(offset + KeyOffset + 16),
            view.ReadUInt64(offset + KeyOffset + 24));
        return new(key, (int)Math.Clamp(view.ReadInt64(offset), 0, int.MaxValue), Time(offset + 8));
    }

    // What a damaged disk says may be no time.
    DateTimeOffset Time(long offset) => DateTimeOffset.FromUnixTimeMilliseconds(
        Math.Clamp(view.ReadInt64(offset), 0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
}
