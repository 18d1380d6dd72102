using System.IO.Compression;
using ClusterTrail.Agent.Sources;

namespace ClusterTrail.Testing;

/// <summary>A log's folder in memory, with what a writer, a rotation, a power cut and a bad disk do to it. Inode numbers are reused as a
/// file system does.</summary>
/// <param name="time">When files are changed and renamed; null for long ago.</param>
sealed class InMemoryLogFiles(string liveName = "audit.log", TimeProvider? time = null) : ILogFiles
{
    static readonly byte[] EmptyGzip = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    readonly Dictionary<string, InMemoryFile> names = [];
    readonly List<InMemoryFile> nodes = [];
    readonly Dictionary<string, string> refused = [];
    readonly SiblingNames siblings = new(liveName, null);
    long changes;

    DateTimeOffset Now => time?.GetUtcNow() ?? DateTimeOffset.UnixEpoch;

    public IEnumerable<string> Names => names.Keys;

    /// <summary>The names of rotated files, oldest first.</summary>
    public IReadOnlyList<string> Rotated =>
        [.. List().Where(entry => entry.Status!.Value.Kind == FileKind.Regular).Select(entry => entry.Path)];

    /// <summary>How often a file was opened.</summary>
    public int Opened { get; private set; }

    public bool Exists(string name) => names.ContainsKey(name);

    public bool IsBrief(string name) => names[name].IsBrief;

    public void MarkBrief(string name, bool isBrief) => names[name].IsBrief = isBrief;

    public byte[] ContentOf(string name) => [.. names[name].Bytes];

    public void Create(string name, FileKind kind = FileKind.Regular) => Link(name, NewNode(kind));

    public void Append(string name, ReadOnlySpan<byte> bytes) => Change(names[name]).AddRange(bytes);

    public void Rename(string from, string to)
    {
        names.Remove(from, out var node);
        Unlink(to);
        names[to] = node!;
        node!.Touched = Now;
    }

    public void Delete(string name) => Unlink(name);

    public void Truncate(string name) => Cut(name, 0);

    /// <summary>Leaves the first bytes of a file, as a power cut does with what was not yet on disk.</summary>
    public void Cut(string name, int length) => Change(names[name]).RemoveRange(length, names[name].Bytes.Count - length);

    /// <summary>Overwrites bytes of a file.</summary>
    public void Overwrite(string name, int offset, ReadOnlySpan<byte> bytes)
    {
        var content = Change(names[name]);
        for (var at = 0; at < bytes.Length; at++)
        {
            content[offset + at] = bytes[at];
        }
    }

    public void Copy(string from, string to)
    {
        var node = NewNode(FileKind.Regular);
        node.Bytes.AddRange(names[from].Bytes);
        node.IsBrief = names[from].IsBrief;
        Link(to, node);
    }

    /// <summary>Writes NAME.gz beside the file, as lumberjack does before it removes the plain one.</summary>
    public void Compress(string name)
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write([.. names[name].Bytes]);
        }

        // The class library writes no member at all for nothing; gzip does.
        var content = compressed.Length > 0 ? compressed.ToArray() : EmptyGzip;

        var node = NewNode(FileKind.Regular);
        node.Bytes.AddRange(content);
        node.IsBrief = names[name].IsBrief;
        Link(name + ".gz", node);
    }

    /// <summary>A writer that keeps its file, whatever becomes of the name.</summary>
    public InMemoryFile KeepWriting(string name)
    {
        names[name].Handles++;
        return names[name];
    }

    public void AppendTo(InMemoryFile file, ReadOnlySpan<byte> bytes) => Change(file).AddRange(bytes);

    /// <summary>Whether anybody but its writer can know of a file: by its name, or because it is open.</summary>
    public bool IsReachable(InMemoryFile file) => file.Handles > 1 || names.ContainsValue(file);

    /// <summary>Has a file fail to be opened, with this message; null heals it.</summary>
    public void Refuse(string name, string? message)
    {
        refused.Remove(name);
        if (message is not null)
        {
            refused[name] = message;
        }
    }

    /// <summary>Has a file fail to be read from this byte on, as a bad block does, whatever it is called; null heals it.</summary>
    public void Break(string name, long? from) => names[name].BrokenFrom = from;

    public void HealAll()
    {
        refused.Clear();
        nodes.ForEach(node => node.BrokenFrom = null);
    }

    public IReadOnlyList<FolderEntry> List() =>
        [.. names.Keys.Select(siblings.Parse).OfType<SiblingName>().Select(name => new FolderEntry(name, name.Name, StatusOf(names[name.Name]))).Order()];

    public bool HasFolder() => true;

    public FileStatus? Live() => names.TryGetValue(liveName, out var node) ? StatusOf(node) : null;

    public ILogFile? Open(string path)
    {
        var name = Path.GetFileName(path);
        if (refused.TryGetValue(name, out var message))
        {
            throw new IOException(message);
        }

        if (!names.TryGetValue(name, out var node))
        {
            return null;
        }

        Opened++;
        return node.Kind == FileKind.Regular ? new Handle(this, node) : throw new IOException($"{name} is no regular file.");
    }

    static FileStatus StatusOf(InMemoryFile node) =>
        new(new(1, node.Inode, node.Born), node.Kind, node.Bytes.Count, node.Changed * 1_000_000_000, node.Touched);

    List<byte> Change(InMemoryFile node)
    {
        (node.Changed, node.Touched) = (++changes, Now);
        return node.Bytes;
    }

    InMemoryFile NewNode(FileKind kind)
    {
        var node = new InMemoryFile
        {
            Inode = (ulong)Enumerable.Range(1, int.MaxValue).First(free => nodes.TrueForAll(used => used.Inode != (ulong)free)),
            Kind = kind,
            Born = changes + 1,
            Changed = ++changes,
            Touched = Now,
        };
        nodes.Add(node);
        return node;
    }

    void Link(string name, InMemoryFile node)
    {
        Unlink(name);
        names[name] = node;
    }

    void Unlink(string name)
    {
        if (names.Remove(name, out var node))
        {
            Free(node);
        }
    }

    void Free(InMemoryFile node)
    {
        if (node.Handles == 0 && !names.ContainsValue(node))
        {
            nodes.Remove(node);
        }
    }

    sealed class Handle : ILogFile
    {
        readonly InMemoryLogFiles files;
        readonly InMemoryFile node;
        bool isOpen = true;

        public Handle(InMemoryLogFiles files, InMemoryFile node)
        {
            (this.files, this.node) = (files, node);
            node.Handles++;
        }

        public FileNumber Number => new(1, node.Inode, node.Born);

        public long Length => node.Bytes.Count;

        public int Read(Span<byte> buffer, long offset)
        {
            var most = Math.Min(node.Bytes.Count, node.BrokenFrom ?? long.MaxValue);
            if (offset >= most && offset < node.Bytes.Count)
            {
                throw new IOException("Input/output error");
            }

            var count = (int)Math.Clamp(most - offset, 0, buffer.Length);
            System.Runtime.InteropServices.CollectionsMarshal.AsSpan(node.Bytes).Slice((int)Math.Min(offset, most), count).CopyTo(buffer);
            return count;
        }

        // Sixteen bytes are a block: what is nothing but NULs there is a hole.
        public long NextData(long offset)
        {
            var block = offset;
            while (block < Length && node.Bytes.Skip((int)block).Take(16).All(value => value == 0))
            {
                block += 16;
            }

            return Math.Max(offset, Math.Min(block, Length));
        }

        public void Dispose()
        {
            if (isOpen)
            {
                isOpen = false;
                node.Handles--;
                files.Free(node);
            }
        }
    }
}
