using System.IO.Compression;

namespace ClusterTrail.Testing;

/// <summary>The real audit log under tests/data.</summary>
public static class AuditLog
{
    static readonly Lazy<byte[]> Bytes = new(Decompress);

    /// <summary>The log as it was written: one event a line.</summary>
    public static byte[] Content => Bytes.Value;

    /// <summary>The lines, each with its newline.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Lines()
    {
        var lines = new List<ReadOnlyMemory<byte>>();
        var rest = Content.AsMemory();
        while (!rest.IsEmpty)
        {
            var length = rest.Span.IndexOf((byte)'\n') + 1;
            lines.Add(rest[..length]);
            rest = rest[length..];
        }

        return lines;
    }

    /// <summary>A file under tests/data.</summary>
    public static string DataPath(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, "tests", "data", name);
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException($"tests/data/{name} is not above {AppContext.BaseDirectory}.");
    }

    static byte[] Decompress()
    {
        using var file = File.OpenRead(DataPath("audit-kubernetes-1.36.log.gz"));
        using var gzip = new GZipStream(file, CompressionMode.Decompress);
        var content = new MemoryStream();
        gzip.CopyTo(content);
        return content.ToArray();
    }
}
