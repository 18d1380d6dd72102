using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ClusterTrail.Agent.Files;
using ClusterTrail.Rules.Events;

namespace ClusterTrail.Agent.Sources;

/// <summary>The folder of one source's line hashes: a file for each log file, of 8 bytes a line behind the seed.</summary>
/// <remarks>
/// What a checkpoint does not count is overwritten by who reads the same lines again, so a crash leaves nothing to repair. A file of
/// another seed, or one that is too short, counts as none: then only offsets and proofs are known.
/// </remarks>
sealed class DiskLineStore : ILineStore
{
    const int HeaderBytes = sizeof(ulong);
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    readonly string folder;

    /// <exception cref="IOException">The folder cannot be made.</exception>
    public DiskLineStore(string folder)
    {
        this.folder = folder;
        DurableDirectory.Create(folder);
        Seed = ReadSeed(Path.Combine(folder, "seed")) ?? MakeSeed();
    }

    public ulong Seed { get; }

    public long Count(FileId file)
    {
        using var handle = OpenToRead(file);
        return handle is null ? 0 : (handle.Length - HeaderBytes) / sizeof(ulong);
    }

    public int Read(FileId file, long first, Span<ulong> words)
    {
        using var handle = OpenToRead(file);
        if (handle is null)
        {
            return 0;
        }

        handle.Position = HeaderBytes + first * sizeof(ulong);
        return handle.ReadAtLeast(MemoryMarshal.AsBytes(words), words.Length * sizeof(ulong), throwOnEndOfStream: false) / sizeof(ulong);
    }

    public void Write(FileId file, long first, ReadOnlySpan<ulong> words)
    {
        var isNew = !File.Exists(PathOf(file));
        using (var handle = Open(PathOf(file), FileMode.OpenOrCreate, FileAccess.ReadWrite))
        {
            if (first == 0)
            {
                Span<byte> header = stackalloc byte[HeaderBytes];
                BinaryPrimitives.WriteUInt64LittleEndian(header, Seed);
                handle.Write(header);
            }

            handle.Position = HeaderBytes + first * sizeof(ulong);
            handle.Write(MemoryMarshal.AsBytes(words));
            handle.SetLength(handle.Position);
            handle.Flush(flushToDisk: true);
        }

        if (isNew)
        {
            DurableDirectory.Flush(folder);
        }
    }

    public void Remove(FileId file) => File.Delete(PathOf(file));

    public void RemoveAllBut(IReadOnlySet<FileId> files)
    {
        var kept = files.Select(file => file.ToString()).Append("seed").ToHashSet();
        foreach (var path in Directory.EnumerateFiles(folder).Where(path => !kept.Contains(Path.GetFileName(path))))
        {
            File.Delete(path);
        }
    }

    string PathOf(FileId file) => Path.Combine(folder, file.ToString());

    FileStream? OpenToRead(FileId file)
    {
        try
        {
            var handle = Open(PathOf(file), FileMode.Open, FileAccess.Read);
            if (ReadSeed(handle) == Seed)
            {
                return handle;
            }

            handle.Dispose();
            return null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    ulong MakeSeed()
    {
        var bytes = RandomNumberGenerator.GetBytes(HeaderBytes);
        using (var handle = Open(Path.Combine(folder, "seed"), FileMode.Create, FileAccess.Write))
        {
            handle.Write(bytes);
            handle.Flush(flushToDisk: true);
        }

        DurableDirectory.Flush(folder);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    static ulong? ReadSeed(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using var handle = Open(path, FileMode.Open, FileAccess.Read);
        return ReadSeed(handle);
    }

    static ulong? ReadSeed(FileStream handle)
    {
        Span<byte> seed = stackalloc byte[HeaderBytes];
        return handle.ReadAtLeast(seed, HeaderBytes, throwOnEndOfStream: false) == HeaderBytes
            ? BinaryPrimitives.ReadUInt64LittleEndian(seed)
            : null;
    }

    static FileStream Open(string path, FileMode mode, FileAccess access)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = FileShare.ReadWrite, BufferSize = 0 };
        if (access != FileAccess.Read)
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new(path, options);
    }
}
