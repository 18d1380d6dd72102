using System.IO.Compression;
using ClusterTrail.Agent.Sources;

namespace ClusterTrail.Testing;

/// <summary>A log's folder in memory, with what a writer and a rotation do to it. Inode numbers are reused as a file system does.</summary>
sealed class InMemoryLogFiles(string liveName = "audit.log") : ILogFiles
{
    readonly Dictionary<string, Node> names = [];
    readonly List<Node> nodes = [];
    readonly Dictionary<string, string> refused = [];

    public IEnumerable<string> Names => names.Keys;

    public bool Exists(string name) => names.ContainsKey(name);

    public byte[] ContentOf(string name) => [.. names[name].Bytes];

    public void Create(string name) => Link(name, NewNode());

    public void Append(string name, ReadOnlySpan<byte> bytes) => names[name].Bytes.AddRange(bytes);

    public void Rename(string from, string to)
    {
        names.Remove(from, out var node);
        Unlink(to);
        names[to] = node!;
    }

    public void Delete(string name) => Unlink(name);

    public void Truncate(string name) => names[name].Bytes.Clear();

    public void Copy(string from, string to)
    {
        var node = NewNode();
        node.Bytes.AddRange(names[from].Bytes);
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

        var node = NewNode();
        node.Bytes.AddRange(compressed.ToArray());
        Link(name + ".gz", node);
    }

    public IReadOnlyList<string> ListRotated() => [.. names.Keys.Select(name => RotatedName.Parse(name, liveName)).OfType<RotatedName>().Order().Select(name => name.Name)];

    public bool HasFolder() => true;

    public FileNumber? LiveNumber() => names.TryGetValue(liveName, out var node) ? new FileNumber(1, node.Inode) : null;

    public ILogFile? OpenLive() => OpenRotated(liveName);

    /// <summary>Has a file fail to be opened, with this message; null heals it.</summary>
    public void Refuse(string name, string? message)
    {
        refused.Remove(name);
        if (message is not null)
        {
            refused[name] = message;
        }
    }

    public ILogFile? OpenRotated(string name) =>
        refused.TryGetValue(name, out var message) ? throw new IOException(message) : Open(name);

    Handle? Open(string name) => names.TryGetValue(name, out var node) ? new Handle(this, node) : null;

    Node NewNode()
    {
        var node = new Node { Inode = (ulong)Enumerable.Range(1, int.MaxValue).First(free => nodes.TrueForAll(used => used.Inode != (ulong)free)) };
        nodes.Add(node);
        return node;
    }

    void Link(string name, Node node)
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

    void Free(Node node)
    {
        if (node.Handles == 0 && !names.ContainsValue(node))
        {
            nodes.Remove(node);
        }
    }

    sealed class Node
    {
        public required ulong Inode { get; init; }

        public List<byte> Bytes { get; } = [];

        public int Handles { get; set; }
    }

    sealed class Handle : ILogFile
    {
        readonly InMemoryLogFiles files;
        readonly Node node;
        bool isOpen = true;

        public Handle(InMemoryLogFiles files, Node node)
        {
            (this.files, this.node) = (files, node);
            node.Handles++;
        }

        public FileNumber Number => new(1, node.Inode);

        public long Length => node.Bytes.Count;

        public int Read(Span<byte> buffer, long offset)
        {
            var count = (int)Math.Clamp(node.Bytes.Count - offset, 0, buffer.Length);
            node.Bytes.Slice((int)Math.Min(offset, node.Bytes.Count), count).ToArray().CopyTo(buffer);
            return count;
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
