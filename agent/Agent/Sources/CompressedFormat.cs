using ClusterTrail.Archive;

namespace ClusterTrail.Agent.Sources;

/// <summary>Which compression a file has, by its first bytes: no line of JSON begins with them, whatever the file is called.</summary>
/// <param name="Remedy">What to do when the agent cannot read it.</param>
sealed record CompressedFormat(Compression Compression, string Name, byte[] Magic, string Ending, string? Remedy = null)
{
    const string OrBetter = "; compress rotated logs with gzip or zstd";

    static readonly CompressedFormat[] All =
    [
        new(Compression.Gzip, "gzip", [0x1f, 0x8b], ".gz"),
        new(Compression.Zstd, "zstd", [0x28, 0xb5, 0x2f, 0xfd], ".zst"),
        new(Compression.Unreadable, "xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], ".xz", "unxz"),
        new(Compression.Unreadable, "bzip2", "BZh"u8.ToArray(), ".bz2", "bunzip2"),
        new(Compression.Unreadable, "lz4", [0x04, 0x22, 0x4d, 0x18], ".lz4", "unlz4"),
        new(Compression.Unreadable, "compress", [0x1f, 0x9d], ".Z", "uncompress"),
        new(Compression.Unreadable, "zip", "PK"u8.ToArray(), ".zip", "unzip"),
    ];

    /// <summary>What the file is compressed with; null when it is plain.</summary>
    /// <exception cref="InvalidDataException">Its name is that of a compressed file, and its content is not.</exception>
    public static CompressedFormat? Of(ILogFile file, string path)
    {
        Span<byte> first = stackalloc byte[6];
        var start = first[..FileBytes.Fill(file, first, 0)];
        foreach (var format in All)
        {
            if (start.StartsWith(format.Magic))
            {
                return format;
            }
        }

        return Array.Exists(All, format => path.EndsWith(format.Ending, StringComparison.Ordinal) && format.Remedy is null)
            ? throw new InvalidDataException($"{path} is not compressed as its name says.")
            : null;
    }

    /// <summary>The file's plain text.</summary>
    public ILogFile Open(ILogFile file) => Compression switch
    {
        Compression.Gzip => new CompressedLogFile(file, stream => Codec.Gzip.Decompress(stream)),
        Compression.Zstd => new CompressedLogFile(file, stream => Codec.Zstd.Decompress(stream)),
        _ => throw new InvalidOperationException(Name),
    };

    public string Describe(string path) =>
        $"{path} is compressed with {Name}, which the agent cannot read. "
        + $"Decompress it where it is ({Remedy}) to have it archived{OrBetter}.";
}
